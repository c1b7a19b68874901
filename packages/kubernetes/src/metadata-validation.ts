import { type FieldError, forbiddenField, invalidValue, required, tooLong } from './field-error.ts'
import { labelKeyProblems, labelValueProblem } from './label-syntax.ts'
import { labelProblem } from './name-syntax.ts'
import type { KubernetesObject, ObjectMeta } from './object.ts'
import type { Resource } from './resource.ts'

const annotationsBytesMax = 256 * 1024

/** Validates an object's metadata, after its name was generated. */
export function validateMetadata(resource: Resource, { metadata }: KubernetesObject): FieldError[] {
  return [
    ...validateName(resource, metadata),
    ...validateNamespace(resource, metadata),
    ...validateLabels(metadata.labels, 'metadata.labels'),
    ...validateAnnotations(metadata.annotations, 'metadata.annotations'),
    ...validateOwners(metadata),
    ...validateFinalizers(resource, metadata.finalizers ?? []),
  ]
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion']

/** Upstream allows finalizers without a domain in definitions and their custom resources. */
function validateFinalizers(resource: Resource, finalizers: readonly string[]): FieldError[] {
  const isFree = resource.read !== undefined || resource.group === 'apiextensions.k8s.io'
  const isBoth = ['orphan', 'foregroundDeletion'].every((name) => finalizers.includes(name))
  const both = 'finalizer orphan and foregroundDeletion cannot be both set'
  return [
    ...validateFinalizerNames(finalizers, 'metadata.finalizers', isFree),
    ...(isBoth ? [invalidValue('metadata.finalizers', finalizers, both)] : []),
  ]
}

/** A finalizer is one of Kubernetes' own or has a domain; with `isFree` it needs none. */
export const validateFinalizerNames = (
  finalizers: readonly string[],
  field: string,
  isFree = false,
): FieldError[] =>
  finalizers.flatMap((finalizer, index) => {
    const problems = labelKeyProblems(finalizer)
    if (problems.length > 0) return problems.map((each) => invalidValue(field, finalizer, each))
    if (isFree || finalizer.includes('/') || standardFinalizers.includes(finalizer)) return []
    const why = 'name is neither a standard finalizer name nor is it fully qualified'
    return [invalidValue(`${field}[${index}]`, finalizer, why)]
  })

function validateName(resource: Resource, { name, generateName }: ObjectMeta): FieldError[] {
  const errors: FieldError[] = []
  if (generateName) {
    // The prefix may end in a dash, because the suffix follows.
    const problem = resource.nameProblem(generateName.replace(/-$/, 'a'))
    if (problem) errors.push(invalidValue('metadata.generateName', generateName, problem))
  }
  if (!name) {
    return [...errors, required('metadata.name', 'name or generateName is required')]
  }
  const problem = resource.nameProblem(name)
  if (problem) errors.push(invalidValue('metadata.name', name, problem))
  return errors
}

function validateNamespace({ namespaced }: Resource, { namespace }: ObjectMeta): FieldError[] {
  const field = 'metadata.namespace'
  if (!namespaced) return namespace ? [forbiddenField(field, 'not allowed on this type')] : []
  if (!namespace) return [required(field)]
  const problem = labelProblem(namespace)
  return problem ? [invalidValue(field, namespace, problem)] : []
}

/** What is wrong with a map of labels; also used for selectors of nodes and Services. */
export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  field: string,
): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => {
    const valueProblem = labelValueProblem(value)
    return [
      ...labelKeyProblems(key).map((problem) => invalidValue(field, key, problem)),
      ...(valueProblem ? [invalidValue(field, value, valueProblem)] : []),
    ]
  })
}

/** Validates annotations: keys as for labels but in any case, and their total size. */
export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  field: string,
): FieldError[] {
  const entries = Object.entries(annotations ?? {})
  const bytes = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  return [
    ...entries.flatMap(([key]) =>
      labelKeyProblems(key.toLowerCase()).map((problem) => invalidValue(field, key, problem)),
    ),
    ...(bytes > annotationsBytesMax ? [tooLong(field, annotationsBytesMax)] : []),
  ]
}

function validateOwners({ ownerReferences = [] }: ObjectMeta): FieldError[] {
  const field = 'metadata.ownerReferences'
  const errors = ownerReferences.flatMap((owner) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((part) => !owner[part])
      .map((part) =>
        invalidValue(`${field}.${part}`, owner[part] ?? '', `${part} must not be empty`),
      ),
  )
  const controllers = ownerReferences.filter((owner) => owner.controller)
  if (controllers.length > 1) {
    const [first, second] = controllers.map(({ kind, name }) => `${kind}/${name}`)
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`
    errors.push(invalidValue(field, ownerReferences, detail))
  }
  return errors
}

/** What an update may not change in the metadata. */
export function validateMetadataUpdate(
  { metadata: after }: KubernetesObject,
  { metadata: before }: KubernetesObject,
): FieldError[] {
  const immutable = (['name', 'namespace', 'uid', 'creationTimestamp'] as const)
    .filter((part) => after[part] !== before[part])
    .map((part) => invalidValue(`metadata.${part}`, after[part] ?? '', 'field is immutable'))
  const had = new Set(before.finalizers)
  const added = (after.finalizers ?? []).filter((name) => !had.has(name))
  if (before.deletionTimestamp === undefined || added.length === 0) return immutable
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`
  return [...immutable, forbiddenField('metadata.finalizers', detail)]
}
