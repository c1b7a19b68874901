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

/** What Envoy shall hold, by type and name. */
export class ResourceTable {
  readonly #types = new Map<string, ReadonlyMap<string, Entry>>()

  replace(edge: Edge): void {
    this.#replaceType(clusterType, edge.clusters)
    this.#replaceType(endpointsType, edge.endpoints)
    this.#replaceType(scopeType, edge.scopes)
    this.#replaceType(certificateType, edge.certificates)
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

  #replaceType(type: string, objects: EnvoyObjects): void {
    const before = this.#types.get(type)
    const entries = [...objects].map(([name, object]): [string, Entry] => {
      const known = before?.get(name)
      if (known?.object === object) return [name, known]
      const text = JSON.stringify(object)
      return [name, known?.text === text ? known : createEntry(name, text, object)]
    })
    this.#types.set(type, new Map(entries))
  }
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
