import { type Kind, pathOf } from '../model/kind.ts'
import { joined, type Table, type TableAnswer, tableIn } from '../model/table.ts'
import type { Place } from '../moment/place.ts'
import type { Reading } from './read.ts'

/** The form in which kubectl asks for what it prints. */
const asTable = 'application/json;as=Table;g=meta.k8s.io;v=v1'

/** So many rows are more than any screen shows. */
const ofFirst = '?limit=500'

type TableQuery = {
  base: string
  namespace?: string
  signal?: AbortSignal
  /** Hears of the first rows where there are many more: they come before the others are made. */
  tellFirst?(table: Table): void
}

/** All objects of a kind as kubectl prints them, in one namespace or in all, at the moment whose base is given. */
export async function readTable(
  reading: Reading,
  kind: Kind,
  { base, namespace, signal, tellFirst }: TableQuery,
): Promise<Table> {
  const path = `${base}${pathOf(kind, namespace)}`
  const asked = { accept: asTable, ...(signal && { signal }) }
  const form = { withNamespace: kind.isNamespaced && !namespace }
  if (tellFirst === undefined) return tableIn(await reading.json<TableAnswer>(path, asked), form)
  const answer = await reading.json<TableAnswer>(path + ofFirst, asked)
  const first = tableIn(answer, form)
  const more = answer.metadata?.continue
  if (!more) return first
  const others = reading.json<TableAnswer>(`${path}?continue=${encodeURIComponent(more)}`, asked)
  tellFirst(first)
  return joined(first, tableIn(await others, form))
}

/** What is looked at most whose path needs no discovery, and whether it is in namespaces. */
const known: Readonly<Record<string, boolean>> = {
  pods: true,
  services: true,
  configmaps: true,
  secrets: true,
  nodes: false,
  namespaces: false,
}

/** Asks now for the first rows of the table that an address names, where its path is known; who reads them need not. */
export function readRowsAhead(reading: Reading, base: string, { path, query }: Place): void {
  const [plural = ''] = path
  const isNamespaced = known[plural]
  if (path.length !== 1 || isNamespaced === undefined || query.vs !== undefined) return
  const first = `${base}${pathOf({ root: 'api/v1', plural, isNamespaced }, query.ns)}${ofFirst}`
  reading.ahead(first, { accept: asTable })
}
