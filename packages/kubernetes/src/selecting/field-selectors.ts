import type { KubernetesObject } from '../object.ts'
import { badRequest } from '../refusals.ts'
import type { Resource } from '../resource.ts'

/** A requirement on one field. */
export type FieldRequirement = {
  readonly field: string
  readonly equal: boolean
  readonly value: string
}

/** Parses `status.phase!=Failed,spec.nodeName=a`; commas and equal signs in values are escaped by a backslash. */
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

/** An object's selectable fields and their values; an absent field is empty. */
function fieldsOf(resource: Resource, object: KubernetesObject): Record<string, string> {
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
      Object.hasOwn(resource.selectableFields, field) ||
      metadataFields.some((name) => name === field)
    if (known) continue
    // Upstream's message differs between kinds with and without fields of their own.
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
