import { holds, type KubernetesObject, type PolicyRule, type Resource } from '@reckon/kubernetes'
import { storedOf } from '../stored-object.fixture.ts'
import type { StoredObject } from '../stored-object.ts'
import type { OtherObjects } from './admission.ts'

/** A cluster with these objects, in which every user has these rights. */
export function having(
  objects: readonly KubernetesObject[] = [],
  rules: readonly PolicyRule[] = [],
): OtherObjects {
  const list = <T extends KubernetesObject>(resource: Resource<T>, namespace?: string) =>
    objects.flatMap((object): StoredObject<T>[] => {
      const stored = storedOf(object)
      const isThere = namespace === undefined || namespace === (object.metadata.namespace ?? '')
      return isThere && holds(resource, stored) ? [stored] : []
    })
  return {
    list,
    get: (resource, namespace, name) =>
      list(resource, namespace).find(({ object }) => object.metadata.name === name),
    rulesOf: () => rules,
  }
}
