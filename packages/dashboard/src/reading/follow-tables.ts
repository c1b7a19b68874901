import { followTable, type RowEvent } from '../model/follow-table.ts'
import type { Kind } from '../model/kind.ts'
import type { Table } from '../model/table.ts'
import { isLater } from '../moment/log-mark.ts'
import { historyRoot } from './history.ts'
import { type Reading, Refusal } from './read.ts'
import { readTable } from './tables.ts'

/** Tables by the ids of their kinds. */
export type Tables = ReadonlyMap<string, Table>

type Followed = {
  kinds: readonly Kind[]
  namespace: string
  signal: AbortSignal
  tell(tables: Tables): void
  refuse(refusal: Refusal): void
}

/** What comes so close together is drawn at once. */
const gatherMs = 40
const pauseMs = 2_000

/** The tables of some kinds at a moment, by one question for each. */
export async function readTables(
  reading: Reading,
  kinds: readonly Kind[],
  wanted: { base: string; namespace: string; signal: AbortSignal },
): Promise<Tables> {
  const read = kinds.map(async (kind) => [kind.id, await readTable(reading, kind, wanted)] as const)
  return new Map(await Promise.all(read))
}

/** Tells the present tables of some kinds, and how they go on: by one stream for all of them. Until the signal aborts. */
export async function followTables(reading: Reading, followed: Followed): Promise<void> {
  const { kinds, namespace, signal, tell, refuse } = followed
  while (!signal.aborted) {
    try {
      const tables = await readTables(reading, kinds, { base: '', namespace, signal })
      tell(tables)
      await followFrom(reading, followed, tables)
    } catch (error) {
      if (signal.aborted) return
      refuse(error instanceof Refusal ? error : new Refusal(0, String(error)))
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

async function followFrom(
  reading: Reading,
  { kinds, namespace, signal, tell }: Followed,
  listed: Tables,
): Promise<void> {
  const query = new URLSearchParams({
    resources: kinds.map(({ id }) => id).join(),
    resourceVersion: earliestOf([...listed.values()]),
    ...(namespace && { namespace }),
  })
  let tables = listed
  let gathered: RowEvent[] = []
  const apply = () => {
    const events = Map.groupBy(gathered, ({ object }) => object.resource ?? '')
    gathered = []
    if (signal.aborted) return
    tables = new Map(
      [...tables].map(([id, table]) => [id, followTable(table, events.get(id) ?? [])]),
    )
    tell(tables)
  }
  for await (const line of reading.lines<RowEvent>(`${historyRoot}/watch?${query}`, signal)) {
    const { type, object } = line
    if (type === 'ERROR') throw new Refusal(object.code ?? 0, object.message ?? type)
    if (type === 'BOOKMARK') continue
    gathered.push(line)
    if (gathered.length === 1) setTimeout(apply, gatherMs)
  }
}

/** From there on the stream tells all that one of them does not have yet. */
const earliestOf = (tables: readonly Table[]): string =>
  tables.reduce(
    (first, { version }) => (isLater(first, version) ? version : first),
    tables[0]?.version ?? '0',
  )
