import { ageOf } from '../human-duration.ts'
import type { KubernetesObject, PodSpec } from '../object.ts'
import type { Cells, Column } from '../resource.ts'
import { ageColumn, containerCells, nameColumn, templateColumns } from './cells.ts'

type Replicated = KubernetesObject & {
  spec: { replicas?: number; template?: { spec?: PodSpec } }
  status?: { replicas?: number; readyReplicas?: number }
}

/** How kinds are shown that keep so many pods of one template, and do no more. */
export const replicaColumns: readonly Column[] = [
  nameColumn,
  { name: 'Desired', type: 'integer' },
  { name: 'Current', type: 'integer' },
  { name: 'Ready', type: 'integer' },
  ageColumn,
  ...templateColumns,
]

/** A row of these; `selector` in the form in which it would be typed. */
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
