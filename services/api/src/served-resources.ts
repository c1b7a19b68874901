import { type GroupVersion, type Resource, resources } from '@reckon/kubernetes'

/** The paths under which one resource is served in one version. */
export type ServedResource = {
  resource: Resource
  groupVersion: GroupVersion
  /** All objects of all namespaces; for a resource without namespaces, simply all. */
  everywhere: string
  /** Where objects are created and deleted together: in a namespace, if the resource has them. */
  collection: string
  /** One object. */
  item: string
}

/** What the paths' parameters hold; `namespace` is absent for resources without, and for lists over all. */
export type ObjectParams = { namespace?: string; name: string }

/** Every resource in every version that is served: the routes of each verb are made from this list. */
export const servedResources: readonly ServedResource[] = resources.flatMap((resource) =>
  resource.servedVersions.map((groupVersion) => {
    const base = pathOf(groupVersion)
    const everywhere = `${base}/${resource.plural}`
    const collection = resource.namespaced
      ? `${base}/namespaces/:namespace/${resource.plural}`
      : everywhere
    return { resource, groupVersion, everywhere, collection, item: `${collection}/:name` }
  }),
)

/** `/api/v1`, `/apis/apps/v1`. */
export function pathOf({ group, version }: GroupVersion): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`
}
