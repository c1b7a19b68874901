import { isTerminating, type KubernetesObject, type Namespace } from '@reckon/kubernetes'

/** What the controller does next for one namespace. */
export type Step =
  | { type: 'DeleteObject'; object: KubernetesObject }
  | { type: 'FinalizeNamespace' }

/** A terminating namespace is emptied; once it is empty, it ends. Pure. */
export function plan(namespace: Namespace, contents: readonly KubernetesObject[]): readonly Step[] {
  if (!isTerminating(namespace)) return []
  if (contents.length === 0) return [{ type: 'FinalizeNamespace' }]
  return contents
    .filter((object) => !isTerminating(object))
    .map((object) => ({ type: 'DeleteObject', object }))
}
