import { baseOf, type Context } from '../context.ts'
import { useLayoutEffect, useMemo, useState } from '../html.ts'
import type { Kind } from '../model/kind.ts'
import { followTables, type ReadTables, readTables, type Tables } from '../reading/follow-tables.ts'
import { Newest } from '../reading/newest.ts'
import { type Refusal, refusalOf } from '../reading/read.ts'

/** Tables of some kinds, once they are there; those of another moment stay until then, and of long ones the first rows. */
export type ShownTables = {
  readonly tables?: Tables
  readonly refusal?: Refusal
  readonly isBusy: boolean
}

type Shown = Partial<ReadTables> & {
  /** Which question this answers. */
  readonly key?: string
  readonly isWhole?: boolean
}

/**
 * The tables of some kinds at a moment; those of the present go on by themselves. None is asked for where none is
 * wanted. With `isFirstShown` the first rows of one kind are told as soon as they are there, where nothing is yet.
 */
export function useTables(
  { reading, place }: Pick<Context, 'reading' | 'place'>,
  kinds: readonly Kind[],
  at: string | undefined,
  { isFirstShown = false }: { isFirstShown?: boolean } = {},
): ShownTables {
  const { ns = '' } = place.query
  const key = `${kinds.map(({ id }) => id).join()} ${ns} ${at ?? ''}`
  const [shown, setShown] = useState<Shown>({})
  const past = useMemo(() => new Newest(), [])
  useLayoutEffect(() => () => past.end(), [past])
  useLayoutEffect(() => {
    const tellUntil = (signal: AbortSignal) => ({
      tell: (read: ReadTables) => {
        if (!signal.aborted) setShown({ ...read, key, isWhole: true })
      },
      ...(isFirstShown &&
        shown.tables === undefined && {
          tellFirst: (read: ReadTables) => {
            if (!signal.aborted) setShown((before) => (before.isWhole ? before : { ...read, key }))
          },
        }),
      // Rows of another moment or namespace would be taken for what was refused.
      refuse: (refusal: Refusal) => {
        if (signal.aborted) return
        setShown((before) => ({ ...(before.key === key && before), refusal, key }))
      },
    })
    if (at !== undefined && kinds.length > 0) {
      past.ask((signal) => {
        const { tell, refuse, ...others } = tellUntil(signal)
        const wanted = { base: baseOf(at), namespace: ns, signal, ...others }
        return readTables(reading, kinds, wanted).then(tell, (error) => refuse(refusalOf(error)))
      })
      return undefined
    }
    past.end()
    if (kinds.length === 0) return undefined
    const ended = new AbortController()
    const { signal } = ended
    void followTables(reading, { kinds, namespace: ns, signal, ...tellUntil(signal) })
    return () => ended.abort()
  }, [key])
  const { key: answered, isWhole, ...others } = shown
  const isThere = answered === key && (others.tables === undefined || isWhole === true)
  return { ...others, isBusy: kinds.length > 0 && !isThere }
}
