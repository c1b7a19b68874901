import { followTable, inOrder, type RowEvent } from '../model/follow-table.ts'
import type { Kind } from '../model/kind.ts'
import type { Table } from '../model/table.ts'
import { isLater } from '../moment/log-mark.ts'
import { historyRoot } from './history.ts'
import { type Reading, Refusal } from './read.ts'
import { readAnew } from './read-anew.ts'
import { readTable } from './tables.ts'

/** Tables by the ids of their kinds. */
export type Tables = ReadonlyMap<string, Table>

/** Tables, and why there are not more of them: some of what was asked for may be read, and some not. */
export type ReadTables = { readonly tables: Tables; readonly refusal?: Refusal }

type Followed = {
  kinds: readonly Kind[]
  namespace: string
  signal: AbortSignal
  tell(read: ReadTables): void
  /** Hears of the first rows of a long table of one kind, until it is told as a whole. */
  tellFirst?(read: ReadTables): void
  refuse(refusal: Refusal): void
}

/** What comes so close together is drawn at once. */
const gatherMs = 40

/**
 * The tables of those of some kinds that may be read, at a moment, by one question for each; throws where that is none.
 */
export async function readTables(
  reading: Reading,
  kinds: readonly Kind[],
  wanted: { base: string; namespace: string; signal: AbortSignal } & Pick<Followed, 'tellFirst'>,
): Promise<ReadTables> {
  const refusals: Refusal[] = []
  const { tellFirst, ...others } = wanted
  const read = kinds.map(async (kind) => {
    const query = {
      ...others,
      ...(tellFirst && {
        tellFirst: (table: Table) => tellFirst({ tables: new Map([[kind.id, table]]) }),
      }),
    }
    const table = await readTable(reading, kind, query).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.code !== 403) throw error
      refusals.push(error)
    })
    return table ? [[kind.id, table] as const] : []
  })
  const tables = new Map((await Promise.all(read)).flat())
  const [refusal] = refusals
  if (tables.size === 0 && refusal) throw refusal
  return { tables, ...(refusal && { refusal }) }
}

/**
 * Tells the present tables of some kinds, and how they go on: by one stream for all of them. As long as the page is
 * seen; until the signal aborts.
 */
export const followTables = (reading: Reading, followed: Followed): Promise<void> =>
  reading.whileSeen(followed.signal, (signal) => followSeen(reading, { ...followed, signal }))

function followSeen(reading: Reading, followed: Followed): Promise<void> {
  const { kinds, namespace, signal, tell, tellFirst, refuse } = followed
  const wanted = { base: '', namespace, signal, ...(tellFirst && { tellFirst }) }
  const follow = async () => {
    const read = await readTables(reading, kinds, wanted)
    if (signal.aborted) return
    tell(read)
    await followFrom(reading, followed, read)
  }
  return readAnew(signal, follow, (refusal) => {
    if (refusal) refuse(refusal)
    return true
  })
}

async function followFrom(
  reading: Reading,
  { namespace, signal, tell }: Followed,
  listed: ReadTables,
): Promise<void> {
  const query = new URLSearchParams({
    resources: [...listed.tables.keys()].join(),
    resourceVersion: earliestOf([...listed.tables.values()]),
    ...(namespace && { namespace }),
  })
  let tables = new Map([...listed.tables].map(([id, table]) => [id, inOrder(table)]))
  let gathered: RowEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const apply = () => {
    clearTimeout(timer)
    timer = undefined
    const events = Map.groupBy(gathered, ({ object }) => object.resource ?? '')
    gathered = []
    if (signal.aborted) return
    tables = new Map(
      [...tables].map(([id, table]) => [id, followTable(table, events.get(id) ?? [])]),
    )
    tell({ ...listed, tables })
  }
  try {
    for await (const line of reading.lines<RowEvent>(`${historyRoot}/watch?${query}`, signal)) {
      const { type, object } = line
      if (type === 'ERROR') throw new Refusal(object.code ?? 0, object.message ?? type)
      if (type === 'BOOKMARK') continue
      gathered.push(line)
      timer ??= setTimeout(apply, gatherMs)
    }
  } finally {
    // Now or never: what is listed next is newer.
    if (timer !== undefined) apply()
  }
}

/** From there on the stream tells all that one of them does not have yet. */
const earliestOf = (tables: readonly Table[]): string =>
  tables.reduce(
    (first, { version }) => (isLater(first, version) ? version : first),
    tables[0]?.version ?? '0',
  )
