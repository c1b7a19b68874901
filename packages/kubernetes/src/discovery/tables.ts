import { fromHub } from '../conversion.ts'
import type { KubernetesObject, ObjectMeta } from '../object.ts'
import type { Cells, Column, GroupVersion, Resource } from '../resource.ts'

/** A `meta.k8s.io/v1` column. */
type TableColumn = Required<Omit<Column, 'wide'>> & { priority: number }

/** A row: its cells, and as requested the object, its metadata, or neither. */
type TableRow = { cells: Cells; object?: unknown }

/** `meta.k8s.io/v1` Table: what `kubectl get` prints. */
export type Table = {
  kind: 'Table'
  apiVersion: 'meta.k8s.io/v1'
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number }
  columnDefinitions: readonly TableColumn[]
  rows: readonly TableRow[]
}

type TableOptions = {
  /** The time from which ages are computed. */
  now: Date
  /** False after the first event of a watch. */
  columnDefinitions?: boolean
  includeObject?: 'None' | 'Metadata' | 'Object'
  metadata?: Table['metadata']
}

/** Stored objects of one kind as a table; objects in rows have the version asked for. */
export function tableOf(
  resource: Resource,
  groupVersion: GroupVersion,
  objects: readonly KubernetesObject[],
  { now, columnDefinitions = true, includeObject = 'Metadata', metadata = {} }: TableOptions,
): Table {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columnDefinitions ? resource.columns.map(definition) : [],
    rows: objects.map((object) =>
      tableRowOf(resource, groupVersion, object, { now, includeObject }),
    ),
  }
}

/** One row of it. */
export function tableRowOf(
  resource: Resource,
  groupVersion: GroupVersion,
  object: KubernetesObject,
  { now, includeObject }: Pick<TableOptions, 'now' | 'includeObject'>,
): TableRow {
  const cells = resource.row(object, now)
  if (includeObject === 'Object') return { cells, object: fromHub(resource, groupVersion, object) }
  return includeObject === 'Metadata' ? { cells, object: partialMetadata(object) } : { cells }
}

function definition({ name, type, format, description, wide }: Column): TableColumn {
  return {
    name,
    type: type ?? 'string',
    format: format ?? '',
    description: description ?? '',
    priority: wide ? 1 : 0,
  }
}

/** An object's metadata alone, as a row carries it. */
export function partialMetadata({ metadata }: KubernetesObject): {
  kind: 'PartialObjectMetadata'
  apiVersion: 'meta.k8s.io/v1'
  metadata: ObjectMeta
} {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}
