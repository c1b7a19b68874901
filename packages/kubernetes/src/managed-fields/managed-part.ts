import type { Resource } from '../resource.ts'
import { difference, type FieldSet, noFields, pathSet, union } from './field-set.ts'
import { fieldStep } from './path-step.ts'

const notManaged = [
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'deletionGracePeriodSeconds',
    'deletionTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((field) => ['metadata', field]),
]
  .map((path) => pathSet(path.map(fieldStep)))
  .reduce(union)

/** Leaves out fields that nobody manages: those that identify the object or are set by the server. */
export const managed = (fields: FieldSet): FieldSet => difference(fields, notManaged)

/** Leaves out fields that belong to another subresource (upstream's reset fields). */
export function written(
  fields: FieldSet,
  resource: Pick<Resource, 'subresources'>,
  subresource: string | undefined,
): FieldSet {
  const { 'f:status': status = noFields, ...others } = fields
  if (subresource === 'status') return 'f:status' in fields ? { 'f:status': status } : noFields
  return resource.subresources.includes('status') ? others : fields
}
