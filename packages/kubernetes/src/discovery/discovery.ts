import { apiVersionOf, type GroupVersion, type Resource, type Subresource } from '../resource.ts'
import type { ResourceTable } from '../resource-table.ts'

const objectVerbs = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
] as const

function verbsOf({ isReview, isUsage, isDeletedOneByOne }: Resource): readonly string[] {
  if (isReview) return ['create']
  if (isUsage) return ['get', 'list']
  return isDeletedOneByOne ? objectVerbs.filter((verb) => verb !== 'deletecollection') : objectVerbs
}

type SubresourceEntry = {
  verbs: readonly string[]
  group?: string
  version?: string
  kind?: string
}

/** The verbs of each subresource, and its kind where that differs from the object's. */
const subresourceEntries: Record<Subresource, SubresourceEntry> = {
  status: { verbs: ['get', 'patch', 'update'] },
  approval: { verbs: ['get', 'patch', 'update'] },
  scale: { verbs: ['get', 'patch', 'update'], group: 'autoscaling', version: 'v1', kind: 'Scale' },
  binding: { verbs: ['create'], group: '', version: 'v1', kind: 'Binding' },
  eviction: { verbs: ['create'], group: 'policy', version: 'v1', kind: 'Eviction' },
  log: { verbs: ['get'] },
  exec: { verbs: ['create', 'get'], kind: 'PodExecOptions' },
  attach: { verbs: ['create', 'get'], kind: 'PodAttachOptions' },
  portforward: { verbs: ['create', 'get'], kind: 'PodPortForwardOptions' },
  proxy: { verbs: ['create', 'delete', 'get', 'patch', 'update'] },
  ephemeralcontainers: { verbs: ['get', 'patch', 'update'] },
  finalize: { verbs: ['update'] },
  token: {
    verbs: ['create'],
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'TokenRequest',
  },
}

/** `proxy` takes options named after the owner's kind; a Node cannot be written to. */
function entryOf(subresource: Subresource, ownerKind: string): SubresourceEntry {
  const entry = subresourceEntries[subresource]
  if (subresource !== 'proxy') return entry
  const verbs = ownerKind === 'Node' ? ['get'] : entry.verbs
  return { ...entry, kind: `${ownerKind}ProxyOptions`, verbs }
}

/** `GET /api`: the versions of the first group. */
export function apiVersions() {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
}

/** `GET /apis`: every other group. */
export function apiGroupList(table: ResourceTable) {
  const named = [...table.groups].filter(([name]) => name !== '')
  const groups = named.map(([name, versions]) => {
    const { kind: _kind, apiVersion: _apiVersion, ...group } = groupOf(name, versions)
    return group
  })
  return { kind: 'APIGroupList', apiVersion: 'v1', groups }
}

type ApiGroup = ReturnType<typeof groupOf>

/** `GET /apis/<group>`; undefined if it is not served. */
export function apiGroup(table: ResourceTable, name: string): ApiGroup | undefined {
  const versions = table.groups.get(name)
  return name === '' || versions === undefined ? undefined : groupOf(name, versions)
}

function groupOf(name: string, served: readonly string[]) {
  const versions = served.map((version) => ({
    groupVersion: apiVersionOf({ group: name, version }),
    version,
  }))
  return { kind: 'APIGroup', apiVersion: 'v1', name, versions, preferredVersion: versions[0] }
}

/**
 * Short names and categories, listed only for the kind's own group: otherwise kubectl warns of ambiguity at every `get
 * deploy`, and lists everything twice in `get all`.
 */
function aliasesOf({ group, shortNames, categories }: Resource, served: GroupVersion) {
  const isOwn = group === served.group
  return {
    ...(isOwn && shortNames.length > 0 ? { shortNames } : {}),
    ...(isOwn && categories.length > 0 ? { categories } : {}),
  }
}

/**
 * `GET /api/v1`, `GET /apis/<group>/<version>`; undefined if it is not served. `hash` is of the version in which a kind
 * is stored, `<group>/<version>/<kind>`.
 */
export function apiResourceList(
  table: ResourceTable,
  groupVersion: GroupVersion,
  hash: (stored: string) => string,
) {
  const served = table.in(groupVersion)
  if (served.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(groupVersion),
    resources: served.flatMap((resource) => [
      {
        name: resource.plural,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: verbsOf(resource),
        ...aliasesOf(resource, groupVersion),
        ...(resource.isReview || resource.isUsage
          ? {}
          : {
              storageVersionHash: hash([resource.group, resource.version, resource.kind].join('/')),
            }),
      },
      ...resource.subresources.map((subresource) => {
        const { verbs, kind = resource.kind, ...own } = entryOf(subresource, resource.kind)
        const name = `${resource.plural}/${subresource}`
        return { name, singularName: '', namespaced: resource.namespaced, ...own, kind, verbs }
      }),
    ]),
  }
}

/** `GET /api` (`core`) or `GET /apis` (`groups`) in the aggregated form, v2 or the older v2beta1. */
export function aggregatedDiscovery(
  table: ResourceTable,
  of: 'core' | 'groups',
  version: 'v2' | 'v2beta1',
) {
  const served = [...table.groups].filter(([name]) => (name === '') === (of === 'core'))
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: served.map(([group, versions]) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map((name) => ({
        version: name,
        resources: table
          .in({ group, version: name })
          .map((resource) => aggregatedResource(resource, { group, version: name })),
        freshness: 'Current',
      })),
    })),
  }
}

function aggregatedResource(resource: Resource, groupVersion: GroupVersion) {
  const { plural, singular, kind, namespaced, subresources } = resource
  return {
    resource: plural,
    responseKind: { ...groupVersion, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: verbsOf(resource),
    ...aliasesOf(resource, groupVersion),
    ...(subresources.length > 0
      ? {
          subresources: subresources.map((name) =>
            aggregatedSubresource(name, { ...groupVersion, kind }),
          ),
        }
      : {}),
  }
}

function aggregatedSubresource(subresource: Subresource, owner: GroupVersion & { kind: string }) {
  const { verbs, ...own } = entryOf(subresource, owner.kind)
  return { subresource, responseKind: { ...owner, ...own }, verbs }
}
