import { parseLabelSelector } from './label-selector-text.ts'
import type { KubernetesObject, LabelSelector } from './object.ts'
import { badRequest } from './refusals.ts'
import type { Resource } from './resource.ts'

export { parseLabelSelector }

/** What one label must be. */
export type Requirement = {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt'
  readonly values: readonly string[]
}

/** All requirements must hold; an empty list holds for every object, 'Nothing' for none. */
export type Selector = readonly Requirement[] | 'Nothing'

/** A selector object's meaning: an absent one selects nothing, an empty one everything. */
export function labelSelectorOf(selector: LabelSelector | null | undefined): Selector {
  if (selector === undefined || selector === null) return 'Nothing'
  const labels = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
  )
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values }): Requirement => ({
      key,
      operator: operator as Requirement['operator'],
      values: values ?? [],
    }),
  )
  return [...labels, ...expressions]
}

/** A plain map's meaning (a Service's selector): every pair; an empty or absent one selects nothing. */
export function labelMapSelector(labels: Readonly<Record<string, string>> | undefined): Selector {
  if (labels === undefined || Object.keys(labels).length === 0) return 'Nothing'
  return labelSelectorOf({ matchLabels: { ...labels } })
}

/** Whether an object with these labels is selected. */
export function matchesLabels(
  selector: Selector,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  if (selector === 'Nothing') return false
  return selector.every((requirement) => holds(requirement, labels?.[requirement.key]))
}

function holds({ operator, values }: Requirement, label: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label)
    case 'NotIn':
      return label === undefined || !values.includes(label)
    case 'Exists':
      return label !== undefined
    case 'DoesNotExist':
      return label === undefined
    case 'Gt':
      return isInteger(label) && Number(label) > Number(values[0])
    case 'Lt':
      return isInteger(label) && Number(label) < Number(values[0])
  }
}

const isInteger = (label: string | undefined) => label !== undefined && /^-?\d+$/.test(label)

/** What one field must, or must not, be. */
export type FieldRequirement = {
  readonly field: string
  readonly equal: boolean
  readonly value: string
}

/** Reads `status.phase!=Failed,spec.nodeName=a`; commas and equal signs in values follow a backslash. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  const terms = text.match(/(?:\\.|[^,\\])+/gs) ?? []
  return terms.map((term) => {
    const match = /^((?:\\.|[^=!\\])*)(!=|==|=)(.*)$/s.exec(term)
    const [, field, operator, escaped = ''] = match ?? []
    if (field === undefined || field === '') {
      throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`)
    }
    if (/(^|[^\\])(\\\\)*=/.test(escaped)) throw badRequest(`invalid field selector: ${text}`)
    return { field, equal: operator !== '!=', value: unescaped(escaped, text) }
  })
}

function unescaped(value: string, text: string): string {
  return value.replace(/\\(.?)/gs, (_sequence, character: string) => {
    if (character !== ',' && character !== '=' && character !== '\\') {
      throw badRequest(`invalid field selector: ${text}`)
    }
    return character
  })
}

const metadataFields = ['metadata.name', 'metadata.namespace'] as const

/** An object's selectable fields and their values; a field that is not set is empty. */
export function fieldsOf(resource: Resource, object: KubernetesObject): Record<string, string> {
  const own = Object.entries(resource.selectableFields).map(([field, read]) => [
    field,
    read(object),
  ])
  return {
    'metadata.name': object.metadata.name,
    ...(resource.namespaced ? { 'metadata.namespace': object.metadata.namespace ?? '' } : {}),
    ...Object.fromEntries(own),
  }
}

/** Refuses with 400 if the selector names a field that this resource does not offer. */
export function checkFieldSelector(
  resource: Resource,
  selector: readonly FieldRequirement[],
): void {
  for (const { field } of selector) {
    const known =
      field in resource.selectableFields || metadataFields.some((name) => name === field)
    if (known) continue
    // Kinds with fields of their own and those without answer in different words upstream.
    throw badRequest(
      Object.keys(resource.selectableFields).length > 0
        ? `field label not supported: ${field}`
        : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
    )
  }
}

/** Whether every requirement on the object's fields holds; an unknown field is refused with 400. */
export function matchesFields(
  resource: Resource,
  selector: readonly FieldRequirement[],
  object: KubernetesObject,
): boolean {
  checkFieldSelector(resource, selector)
  if (selector.length === 0) return true
  const fields = fieldsOf(resource, object)
  return selector.every(({ field, equal, value }) => ((fields[field] ?? '') === value) === equal)
}
