import type { KubernetesObject } from './object.ts'
import type { Resource } from './resource.ts'
import { ResourceTable } from './resource-table.ts'

const builtIn = new ResourceTable()

/** Every kind that is built in. */
export const resources = builtIn.all

/** The built-in resource of an object's `apiVersion` and `kind`, in any version that is served. */
export const resourceOfKind = (apiVersion: string, kind: string): Resource | undefined =>
  builtIn.ofKind(apiVersion, kind)

/** The built-in resource of an object; an unknown kind is a bug. */
export const resourceOf = (object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): Resource =>
  builtIn.of(object)

/** The built-in resource with this id (`pods`, `deployments.apps`). */
export const findResourceNamed = (id: string): Resource | undefined => builtIn.named(id)

/** The built-in resource with this id; an unknown one is a bug. */
export function resourceNamed(id: string): Resource {
  const resource = builtIn.named(id)
  if (resource === undefined) throw new Error(`no resource is called ${id}`)
  return resource
}
