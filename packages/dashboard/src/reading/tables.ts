import { type Kind, pathOf } from '../model/kind.ts'
import { type Table, type TableAnswer, tableIn } from '../model/table.ts'
import type { Reading } from './read.ts'

/** The form in which kubectl asks for what it prints. */
const asTable = 'application/json;as=Table;g=meta.k8s.io;v=v1'

type TableQuery = { base: string; namespace?: string; signal?: AbortSignal }

/** All objects of a kind as kubectl prints them, in one namespace or in all, at the moment whose base is given. */
export async function readTable(
  reading: Reading,
  kind: Kind,
  { base, namespace, signal }: TableQuery,
): Promise<Table> {
  const path = `${base}${pathOf(kind, namespace)}`
  const answer = await reading.json<TableAnswer>(path, {
    accept: asTable,
    ...(signal && { signal }),
  })
  return tableIn(answer, { withNamespace: kind.isNamespaced && !namespace })
}
