import { configMap } from './kinds/config-map.ts'
import { deployment } from './kinds/deployment.ts'
import { endpointSlice } from './kinds/endpoint-slice.ts'
import { ingress } from './kinds/ingress.ts'
import { ingressClass } from './kinds/ingress-class.ts'
import { namespace } from './kinds/namespace.ts'
import { node } from './kinds/node.ts'
import { pod } from './kinds/pod.ts'
import { replicaSet } from './kinds/replica-set.ts'
import { secret } from './kinds/secret.ts'
import { service } from './kinds/service.ts'
import type { KubernetesObject } from './object.ts'
import { apiVersionOf, parseApiVersion, type Resource, resourceId } from './resource.ts'

/** Every kind that the API serves. To serve another one, add its file and its entry here. */
export const resources: readonly Resource[] = [
  configMap,
  namespace,
  node,
  pod,
  secret,
  service,
  deployment,
  replicaSet,
  ingressClass,
  ingress,
  endpointSlice,
]

const byPath = new Map<string, Resource>()
const byKind = new Map<string, Resource>()
const byId = new Map<string, Resource>()
for (const resource of resources) {
  byId.set(resourceId(resource), resource)
  for (const served of resource.servedVersions) {
    byPath.set(`${apiVersionOf(served)}/${resource.plural}`, resource)
    byKind.set(`${apiVersionOf(served)}/${resource.kind}`, resource)
  }
}

/** The resource behind a path, in any version that is served. */
export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return byPath.get(`${apiVersionOf({ group, version })}/${plural}`)
}

/** The resource of an object's `apiVersion` and `kind`, in any version that is served. */
export function resourceOfKind(apiVersion: string, kind: string): Resource | undefined {
  return byKind.get(`${apiVersionOf(parseApiVersion(apiVersion))}/${kind}`)
}

/** The resource of an object; an object of a kind that is not served is a bug. */
export function resourceOf({
  apiVersion,
  kind,
}: Pick<KubernetesObject, 'apiVersion' | 'kind'>): Resource {
  const resource = resourceOfKind(apiVersion, kind)
  if (resource === undefined) throw new Error(`${apiVersion} ${kind} is not served`)
  return resource
}

/** The resource with this id (`pods`, `deployments.apps`), if it is served. */
export function findResourceNamed(id: string): Resource | undefined {
  return byId.get(id)
}

/** The resource called `pods` or `deployments.apps`; asking for one that is not there is a bug. */
export function resourceNamed(id: string): Resource {
  const resource = byId.get(id)
  if (resource === undefined) throw new Error(`no resource is called ${id}`)
  return resource
}
