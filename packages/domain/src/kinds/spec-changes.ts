import {
  isDeepEqual,
  isJsonObject,
  type JsonObject,
  type KubernetesObject,
} from '@reckon/kubernetes'

/** Whether a change concerns only this field of spec, apart from bookkeeping. */
export const isOnlyChange =
  (field: string) =>
  (before: KubernetesObject, after: KubernetesObject): boolean => {
    const changed = changedSpecFields(before, after)
    return changed.length === 1 && changed[0] === field
  }

/** The spec fields that differ, if nothing besides spec and bookkeeping does; else none. */
export function changedSpecFields(before: KubernetesObject, after: KubernetesObject): string[] {
  if (!isDeepEqual(before.metadata.labels, after.metadata.labels)) return []
  return changedFields(before.spec, after.spec)
}

/** The names of the fields in which two objects differ. */
function changedFields(before: unknown, after: unknown): string[] {
  const [from, to] = [fieldsOf(before), fieldsOf(after)]
  const names = new Set([...Object.keys(from), ...Object.keys(to)])
  return [...names].filter((name) => !isDeepEqual(from[name], to[name]))
}

const fieldsOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})
