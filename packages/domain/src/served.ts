import { type Resource, resourceNamed } from '@reckon/kubernetes'

/** A resource that rules name themselves, by its id. */
export function served(id: string): Resource {
  const resource = resourceNamed(id)
  if (!resource) throw new Error(`${id} is always served`)
  return resource
}
