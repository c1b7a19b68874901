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

/**
 * The fields of a set that somebody may manage: not those by which an object is known, or which only the server says.
 */
export const managed = (fields: FieldSet): FieldSet => difference(fields, notManaged)

/** Upstream's reset fields: what a request leaves alone, since it is another subresource's. */
export function written(
  fields: FieldSet,
  resource: Pick<Resource, 'subresources'>,
  subresource: string | undefined,
): FieldSet {
  const { 'f:status': status = noFields, ...others } = fields
  if (subresource === 'status') return 'f:status' in fields ? { 'f:status': status } : noFields
  return resource.subresources.includes('status') ? others : fields
}
