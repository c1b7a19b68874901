import { ageOf } from '../human-duration.ts'
import type { KubernetesObject, PodSpec } from '../object.ts'
import type { Cells, Column } from '../resource.ts'
import { ageColumn, containerCells, nameColumn, templateColumns } from './cells.ts'

type Replicated = KubernetesObject & {
  spec: { replicas?: number; template?: { spec?: PodSpec } }
  status?: { replicas?: number; readyReplicas?: number }
}

/** The columns of kinds that keep a number of pods of one template. */
export const replicaColumns: readonly Column[] = [
  nameColumn,
  { name: 'Desired', type: 'integer' },
  { name: 'Current', type: 'integer' },
  { name: 'Ready', type: 'integer' },
  ageColumn,
  ...templateColumns,
]

/** A row for these columns; `selector` is in kubectl's syntax. */
export const replicaRow = (
  { metadata, spec, status }: Replicated,
  selector: string,
  now: Date,
): Cells => [
  metadata.name,
  spec.replicas ?? 0,
  status?.replicas ?? 0,
  status?.readyReplicas ?? 0,
  ageOf(metadata.creationTimestamp, now),
  ...containerCells(spec.template?.spec),
  selector,
]
