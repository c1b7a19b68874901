import { isDeepEqual } from './deep-equal.ts'
import { type FieldError, invalidValue } from './field-error.ts'
import { validateMetadata, validateMetadataUpdate } from './metadata-validation.ts'
import type { KubernetesObject } from './object.ts'
import { invalid } from './refusals.ts'
import type { Resource } from './resource.ts'

function refuse(resource: Resource, object: KubernetesObject, causes: readonly FieldError[]): void {
  const { name, generateName } = object.metadata
  if (causes.length > 0) throw invalid(resource, name || generateName || '', causes)
}

/** Refuses a new object, defaulted and in its hub version, as Invalid with every cause. */
export function validateCreate(resource: Resource, object: KubernetesObject): void {
  refuse(resource, object, [...validateMetadata(resource, object), ...resource.validate(object)])
}

/** Refuses a change as Invalid with every cause: what is wrong in itself, and what may not change. */
export function validateUpdate(
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
): void {
  refuse(resource, after, [
    ...validateMetadata(resource, after),
    ...validateMetadataUpdate(after, before),
    ...resource.validate(after),
    ...resource.validateUpdate(after, before),
  ])
}

/** One error if the value is not what it was. */
export function immutable(field: string, after: unknown, before: unknown): FieldError[] {
  return isDeepEqual(after, before) ? [] : [invalidValue(field, after, 'field is immutable')]
}

/** One error if a number is given and below zero. */
export function nonNegative(field: string, value: number | undefined): FieldError[] {
  if (value === undefined || value >= 0) return []
  return [invalidValue(field, value, 'must be greater than or equal to 0')]
}
