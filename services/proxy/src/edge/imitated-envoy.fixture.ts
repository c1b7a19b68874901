import type { DeltaRequest, DeltaResponse } from './delta-message.ts'
import { clusterType, endpointsType, scopeType } from './resource-table.ts'

/**
 * What an Envoy does with what it is told, as far as the order of it matters: a cluster leads nobody until its
 * endpoints have come, which it asks for by name; of one that changes, the one before serves until then.
 */
export class ImitatedEnvoy {
  /** Told, and not yet read. */
  readonly inbox: DeltaResponse[] = []
  /** Said, and not yet heard. */
  readonly outbox: DeltaRequest[] = []
  /** Whether each cluster leads somewhere. */
  readonly clusters = new Map<string, boolean>()
  /** The version of each scope. */
  readonly scopes = new Map<string, string>()

  constructor() {
    this.#say(clusterType)
    this.#say(scopeType)
  }

  read(): void {
    const response = this.inbox.shift()
    if (response === undefined) return
    if (response.type === clusterType) this.#takeClusters(response)
    if (response.type === endpointsType) {
      for (const { name } of response.resources) {
        if (this.clusters.has(name)) this.clusters.set(name, true)
      }
    }
    if (response.type === scopeType) {
      for (const { name, version } of response.resources) this.scopes.set(name, version)
      for (const name of response.removed) this.scopes.delete(name)
    }
    this.#say(response.type, { response_nonce: response.nonce })
  }

  #takeClusters({ resources, removed }: DeltaResponse): void {
    for (const name of removed) this.clusters.delete(name)
    if (removed.length > 0) {
      this.#say(endpointsType, { resource_names_unsubscribe: [...removed] })
    }
    const names = resources.map(({ name }) => name)
    for (const name of names) this.clusters.set(name, this.clusters.get(name) ?? false)
    if (names.length > 0) this.#say(endpointsType, { resource_names_subscribe: names })
  }

  #say(type: string, more: Partial<DeltaRequest> = {}): void {
    this.outbox.push({
      type_url: type,
      resource_names_subscribe: [],
      resource_names_unsubscribe: [],
      initial_resource_versions: {},
      ...more,
    })
  }
}
