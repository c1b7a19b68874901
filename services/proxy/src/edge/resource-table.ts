import { createHash } from 'node:crypto'
import { type Edge, type EnvoyObject, matchingHost, type Scope } from '@reckon/routing'
import { encodeScope } from './encode-scope.ts'
import { anyOf, type EncodedAny } from './envoy-messages.ts'

/** The resource types that Envoy asks for, by their URLs. */
export const clusterType = 'type.googleapis.com/envoy.config.cluster.v3.Cluster'
export const endpointsType = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment'
export const scopeType = 'type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration'
export const certificateType =
  'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret'

/**
 * A resource with a version derived from its content: after a restart it is the same, so Envoy need not be sent it
 * again.
 */
export type VersionedResource = {
  name: string
  version: string
  encoded(): EncodedAny
}

type Entry = VersionedResource & { object: EnvoyObject }

/** Called with the changed names of a type. */
export type TableListener = (type: string, names: Iterable<string>) => void

/** The state that Envoy should have, by type and name. */
export class ResourceTable {
  readonly #types = new Map<string, ReadonlyMap<string, Entry>>()
  readonly #listeners = new Set<TableListener>()

  replace(edge: Edge): void {
    const changes = [
      [clusterType, this.#replaceType(clusterType, edge.clusters, entryOf)],
      [endpointsType, this.#replaceType(endpointsType, edge.endpoints, entryOf)],
      [scopeType, this.#replaceType(scopeType, edge.scopes, scopeEntryOf)],
      [certificateType, this.#replaceType(certificateType, edge.certificates, entryOf)],
    ] as const
    for (const [type, names] of changes) {
      if (names.length > 0) for (const tell of this.#listeners) tell(type, names)
    }
  }

  /** Calls the listener for every change; returns a function to unsubscribe. */
  follow(listener: TableListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  of(type: string): ReadonlyMap<string, VersionedResource> {
    return this.#types.get(type) ?? new Map()
  }

  /**
   * Resources that Envoy asks for by name. It asks for certificates by the name that a client sends, and accepts them
   * only under that name; so a wildcard certificate is listed under each name that was asked for.
   */
  find(type: string, name: string): VersionedResource | undefined {
    const entries = this.#types.get(type)
    if (type !== certificateType) return entries?.get(name)
    const entry = entries?.get(matchingHost((host) => entries.has(host), name) ?? '')
    if (entry === undefined || entry.name === name) return entry
    const { version, object } = entry
    return { name, version, encoded: () => anyOf({ ...object, name }) }
  }

  /** Returns the names that changed. */
  #replaceType<T extends EnvoyObject>(
    type: string,
    objects: ReadonlyMap<string, T>,
    make: (name: string, object: T) => Entry,
  ): readonly string[] {
    const before = this.#types.get(type) ?? new Map<string, Entry>()
    const entries = new Map<string, Entry>()
    const changed: string[] = []
    let kept = 0
    for (const [name, object] of objects) {
      const known = before.get(name)
      const entry = known?.object === object ? known : unlessSame(make(name, object), known)
      entries.set(name, entry)
      if (known !== undefined) kept++
      if (entry !== known) changed.push(name)
    }
    if (kept < before.size) changed.push(...[...before.keys()].filter((name) => !objects.has(name)))
    this.#types.set(type, entries)
    return changed
  }
}

/** The known resource, if it has the same content. */
const unlessSame = (entry: Entry, known: Entry | undefined): Entry =>
  known?.version === entry.version ? known : entry

function entryOf(name: string, object: EnvoyObject): Entry {
  const version = versionOf(JSON.stringify(object))
  let encoded: EncodedAny | undefined
  return { name, object, version, encoded: () => (encoded ??= anyOf(object)) }
}

function scopeEntryOf(name: string, object: Scope): Entry {
  const encoded = encodeScope(object)
  const version = versionOf(encoded.type_url, encoded.value)
  return { name, object, version, encoded: () => encoded }
}

function versionOf(...content: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha1')
  for (const part of content) hash.update(part)
  return hash.digest('hex').slice(0, 16)
}
