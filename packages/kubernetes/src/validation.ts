import type { FieldError } from './field-error.ts'
import {
  validateAnnotations,
  validateLabels,
  validateMetadata,
  validateMetadataUpdate,
} from './metadata-validation.ts'
import type { KubernetesObject } from './object.ts'
import { invalid } from './refusals.ts'
import type { Resource } from './resource.ts'

function refuse(resource: Resource, object: KubernetesObject, causes: readonly FieldError[]): void {
  const { name, generateName } = object.metadata
  if (causes.length > 0) throw invalid(resource, name || generateName || '', causes)
}

const wrongIn = (resource: Resource, object: KubernetesObject): FieldError[] => [
  ...validateMetadata(resource, object),
  ...resource.validate(object),
]

const textOf = ({ field, message }: FieldError): string => `${field}: ${message}`

/** Refuses a new object, defaulted and in its hub version, as Invalid with every cause. */
export function validateCreate(resource: Resource, object: KubernetesObject): void {
  refuse(resource, object, wrongIn(resource, object))
}

/**
 * Refuses an update as Invalid with every cause: invalid values, and changes of immutable fields. Values that were
 * accepted before a rule existed do not prevent other changes.
 */
export function validateUpdate(
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
): void {
  const wrong = wrongIn(resource, after)
  const known = wrong.length === 0 ? [] : wrongIn(resource, before).map(textOf)
  refuse(resource, after, [
    ...validateMetadataUpdate(after, before),
    ...wrong.filter((error) => !known.includes(textOf(error))),
    ...resource.validateUpdate(after, before),
  ])
}

/** Refuses a status, and the metadata that came with it, as Invalid with every cause. */
export function validateStatus(resource: Resource, object: KubernetesObject): void {
  const { labels, annotations } = object.metadata
  refuse(resource, object, [
    ...validateLabels(labels, 'metadata.labels'),
    ...validateAnnotations(annotations, 'metadata.annotations'),
    ...(resource.validateStatus?.(object) ?? []),
  ])
}
