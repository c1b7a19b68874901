import { builtInResources } from './built-in-resources.ts'
import { definitionOf } from './custom-resources/custom-resource.ts'
import type { KubernetesObject } from './object.ts'
import {
  apiVersionOf,
  type GroupVersion,
  parseApiVersion,
  type Resource,
  resourceId,
} from './resource.ts'

/**
 * The kinds that are served: the built-in ones, and those defined at run time. A view owns the table, so whoever asks
 * the view serves, decodes and folds what is defined at its position.
 */
export class ResourceTable {
  readonly #byId = new Map<string, Resource>()
  readonly #byPath = new Map<string, Resource>()
  readonly #byKind = new Map<string, Resource>()
  readonly #ever = new Set<string>()
  #changes = 0

  constructor(resources: Iterable<Resource> = builtInResources) {
    for (const resource of resources) this.define(resource)
  }

  /** Every resource, in the order in which they were defined. */
  get all(): readonly Resource[] {
    return [...this.#byId.values()]
  }

  /** The number of changes; what was derived from the table is valid while it is the same. */
  get changes(): number {
    return this.#changes
  }

  /** The resource with this id (`pods`, `deployments.apps`). */
  named(id: string): Resource | undefined {
    return this.#byId.get(id)
  }

  /** The ids of the built-in kinds that it began with; undefined where these are all. */
  get narrowedTo(): readonly string[] | undefined {
    const ids = builtInResources.filter((each) => this.mayHave(each)).map(resourceId)
    return ids.length === builtInResources.length ? undefined : ids
  }

  /** Whether the resource is served, was ever served in any form, or is of a kind defined at run time. */
  mayHave(resource: Resource): boolean {
    return this.#ever.has(resourceId(resource)) || definitionOf(resource) !== undefined
  }

  /** The resource behind a path, in any version that is served. */
  at(groupVersion: GroupVersion, plural: string): Resource | undefined {
    return this.#byPath.get(`${apiVersionOf(groupVersion)}/${plural}`)
  }

  /** The resource of an object's `apiVersion` and `kind`, in any version that is served. */
  ofKind(apiVersion: string, kind: string): Resource | undefined {
    return this.#byKind.get(`${apiVersionOf(parseApiVersion(apiVersion))}/${kind}`)
  }

  /** The resource of an object; an unknown kind is a bug. */
  of({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): Resource {
    const resource = this.ofKind(apiVersion, kind)
    if (resource === undefined) throw new Error(`${apiVersion} ${kind} is not served`)
    return resource
  }

  /** The resources of one group and version. */
  in({ group, version }: GroupVersion): readonly Resource[] {
    return this.all.filter((resource) =>
      resource.servedVersions.some(
        (served) => served.group === group && served.version === version,
      ),
    )
  }

  /** Every group with its versions, the preferred one first; the first group is called `''`. */
  get groups(): ReadonlyMap<string, readonly string[]> {
    const groups = new Map<string, string[]>()
    // The hub versions first, so that each group's preferred version is the one that is stored.
    const hubs = this.all.filter(isHubServed).map(({ group, version }) => ({ group, version }))
    const served = this.all.flatMap(({ servedVersions }) => servedVersions)
    for (const { group, version } of [...hubs, ...served]) {
      const versions = groups.get(group) ?? []
      if (!versions.includes(version)) groups.set(group, [...versions, version])
    }
    return groups
  }

  /** Adds a resource, or replaces its definition. */
  define(resource: Resource): void {
    this.withdraw(resourceId(resource))
    this.#byId.set(resourceId(resource), resource)
    this.#ever.add(resourceId(resource))
    for (const [path, kind] of placesOf(resource)) {
      this.#byPath.set(path, resource)
      this.#byKind.set(kind, resource)
    }
  }

  /** Removes a resource. */
  withdraw(id: string): void {
    this.#changes++
    const resource = this.#byId.get(id)
    if (resource === undefined) return
    this.#byId.delete(id)
    for (const [path, kind] of placesOf(resource)) {
      this.#byPath.delete(path)
      this.#byKind.delete(kind)
    }
  }
}

const isHubServed = ({ group, version, servedVersions }: Resource): boolean =>
  servedVersions.some((served) => served.group === group && served.version === version)

/** The keys of a resource: its path and its kind, in each version. */
const placesOf = ({ servedVersions, plural, kind }: Resource) =>
  servedVersions.map(
    (served) => [`${apiVersionOf(served)}/${plural}`, `${apiVersionOf(served)}/${kind}`] as const,
  )
