import { baseOf, type Context } from '../context.ts'
import { useLayoutEffect, useState } from '../html.ts'
import type { Kind } from '../model/kind.ts'
import { followTables, type ReadTables, readTables, type Tables } from '../reading/follow-tables.ts'
import { type Refusal, refusalOf } from '../reading/read.ts'

/** Tables of some kinds, once they are there; those of another moment stay until then. */
export type ShownTables = {
  readonly tables?: Tables
  readonly refusal?: Refusal
  readonly isBusy: boolean
}

/**
 * The tables of some kinds at a moment; those of the present go on by themselves. None is asked for where none is
 * wanted.
 */
export function useTables(
  { reading, place }: Pick<Context, 'reading' | 'place'>,
  kinds: readonly Kind[],
  at: string | undefined,
): ShownTables {
  const { ns = '' } = place.query
  const key = `${kinds.map(({ id }) => id).join()} ${ns} ${at ?? ''}`
  const [shown, setShown] = useState<{ tables?: Tables; refusal?: Refusal; key?: string }>({})
  useLayoutEffect(() => {
    if (kinds.length === 0) return undefined
    const ended = new AbortController()
    const { signal } = ended
    const tell = (read: ReadTables) => {
      if (!signal.aborted) setShown({ ...read, key })
    }
    // Rows of another moment or namespace would be taken for what was refused.
    const refuse = (refusal: Refusal) => {
      if (!signal.aborted) {
        setShown((before) => ({ ...(before.key === key && before), refusal, key }))
      }
    }
    if (at === undefined) void followTables(reading, { kinds, namespace: ns, signal, tell, refuse })
    else {
      readTables(reading, kinds, { base: baseOf(at), namespace: ns, signal }).then(
        tell,
        (error: unknown) => refuse(refusalOf(error)),
      )
    }
    return () => ended.abort()
  }, [key])
  const { key: answered, ...others } = shown
  return { ...others, isBusy: kinds.length > 0 && answered !== key }
}
