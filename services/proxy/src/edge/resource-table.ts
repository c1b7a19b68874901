import { createHash } from 'node:crypto'
import { type Edge, type EnvoyObject, type EnvoyObjects, matchingHost } from '@reckon/routing'
import { anyOf } from './envoy-messages.ts'

/** The types of resources that Envoy asks for, by the URL that it uses. */
export const clusterType = 'type.googleapis.com/envoy.config.cluster.v3.Cluster'
export const endpointsType = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment'
export const scopeType = 'type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration'
export const certificateType =
  'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret'

/**
 * A resource with a version that follows from its content: the same after a restart, so that Envoy
 * need not be told again.
 */
export type VersionedResource = {
  name: string
  version: string
  encoded(): { type_url: string; value: Uint8Array }
}

type Entry = VersionedResource & { object: EnvoyObject; text: string }

/** Is told which names of a type are not as they were. */
export type TableListener = (type: string, names: Iterable<string>) => void

/** What Envoy shall hold, by type and name. */
export class ResourceTable {
  readonly #types = new Map<string, ReadonlyMap<string, Entry>>()
  readonly #listeners = new Set<TableListener>()

  replace(edge: Edge): void {
    const changes = [
      [clusterType, this.#replaceType(clusterType, edge.clusters)],
      [endpointsType, this.#replaceType(endpointsType, edge.endpoints)],
      [scopeType, this.#replaceType(scopeType, edge.scopes)],
      [certificateType, this.#replaceType(certificateType, edge.certificates)],
    ] as const
    for (const [type, names] of changes) {
      if (names.length > 0) for (const tell of this.#listeners) tell(type, names)
    }
  }

  /** Tells of every change from here on, until the answer is called. */
  follow(listener: TableListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  of(type: string): ReadonlyMap<string, VersionedResource> {
    return this.#types.get(type) ?? new Map()
  }

  /**
   * What Envoy asks for by name. Certificates it asks for by what a client says, and takes only
   * under that name: that of a wildcard is told under each name that it is for.
   */
  find(type: string, name: string): VersionedResource | undefined {
    const entries = this.#types.get(type)
    if (type !== certificateType) return entries?.get(name)
    const entry = entries?.get(matchingHost((host) => entries.has(host), name) ?? '')
    if (entry === undefined || entry.name === name) return entry
    const { version, object } = entry
    return { name, version, encoded: () => anyOf({ ...object, name }) }
  }

  /** Answers which names are not as they were. */
  #replaceType(type: string, objects: EnvoyObjects): readonly string[] {
    const before = this.#types.get(type) ?? new Map<string, Entry>()
    const entries = new Map<string, Entry>()
    const changed: string[] = []
    let kept = 0
    for (const [name, object] of objects) {
      const known = before.get(name)
      const entry = entryOf(name, object, known)
      entries.set(name, entry)
      if (known !== undefined) kept++
      if (entry !== known) changed.push(name)
    }
    if (kept < before.size) changed.push(...[...before.keys()].filter((name) => !objects.has(name)))
    this.#types.set(type, entries)
    return changed
  }
}

/** The one that is known, where it says the same. */
function entryOf(name: string, object: EnvoyObject, known: Entry | undefined): Entry {
  if (known?.object === object) return known
  const text = JSON.stringify(object)
  return known?.text === text ? known : createEntry(name, text, object)
}

function createEntry(name: string, text: string, object: EnvoyObject): Entry {
  let encoded: { type_url: string; value: Uint8Array } | undefined
  return {
    name,
    object,
    text,
    version: createHash('sha1').update(text).digest('hex').slice(0, 16),
    encoded: () => (encoded ??= anyOf(object)),
  }
}
