import { isJsonObject } from '../json/json-object.ts'
import type { KubernetesObject } from '../object.ts'
import type { Schema } from '../schemas/schema.ts'
import { compareFields } from './compare-fields.ts'
import { difference, type FieldSet, noFields, union } from './field-set.ts'
import { fieldsOf } from './fields-of.ts'

const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * The fields that `kubectl apply` without `--server-side` applied last and that are unchanged since: kubectl may take
 * these over with `--server-side`.
 */
export function lastAppliedFields(schema: Schema, live: KubernetesObject): FieldSet {
  const applied = parsed(live.metadata.annotations?.[annotation] ?? '')
  if (!isJsonObject(applied) || applied.apiVersion !== live.apiVersion) return noFields
  const { added, removed, modified } = compareFields(schema, applied, live)
  return difference(fieldsOf(schema, applied), union(added, union(removed, modified)))
}

/**
 * Updates the last-applied annotation, where the object has it, so that `kubectl apply` without `--server-side` may
 * follow.
 */
export function withLastApplied(
  object: KubernetesObject,
  { metadata, ...configuration }: KubernetesObject,
): KubernetesObject {
  if (!object.metadata.annotations?.[annotation]) return object
  const { [annotation]: _, ...annotations } = metadata.annotations ?? {}
  const applied = { ...configuration, metadata: { ...metadata, annotations } }
  const text = `${JSON.stringify(applied)}\n`
  const kept = { ...object.metadata.annotations, [annotation]: text }
  return { ...object, metadata: { ...object.metadata, annotations: kept } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
