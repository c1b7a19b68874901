import { controllerOf, type KubernetesObject } from '@reckon/kubernetes'
import { involved, type Note } from '../note.ts'

/** The controller that owns the object, in the form of an involved object. */
export function ownerOf(object: KubernetesObject): Note['involvedObject'] | undefined {
  const owner = controllerOf(object)
  if (owner === undefined) return undefined
  const { apiVersion, kind, name, uid } = owner
  return involved({ apiVersion, kind, metadata: { ...object.metadata, name, uid } })
}
