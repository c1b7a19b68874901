import { holds, type KubernetesObject, type Resource } from '@reckon/kubernetes'
import type { ObjectChange } from '../views/objects.ts'

/** The object before a change of it; undefined where it has just been created. */
export const beforeOf = <T extends KubernetesObject>(
  resource: Resource<T>,
  { before }: ObjectChange,
): T | undefined => (before && holds(resource, before) ? before.object : undefined)
