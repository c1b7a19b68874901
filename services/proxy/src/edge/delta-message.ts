import { decodeMessage, encodeMessage } from './envoy-messages.ts'
import type { VersionedResource } from './resource-table.ts'

/** What Envoy says on its stream: what it wants to hear of, and how it took what it was sent. */
export type DeltaRequest = {
  type_url: string
  resource_names_subscribe: string[]
  resource_names_unsubscribe: string[]
  initial_resource_versions: Record<string, string>
  response_nonce?: string
  error_detail?: { message?: string } | null
}

export type DeltaResponse = {
  type: string
  nonce: string
  resources: readonly VersionedResource[]
  removed: readonly string[]
}

export const decodeDeltaRequest = (bytes: Uint8Array): DeltaRequest =>
  decodeMessage('envoy.service.discovery.v3.DeltaDiscoveryRequest', bytes)

export function encodeDeltaResponse({ type, nonce, resources, removed }: DeltaResponse): Buffer {
  return Buffer.from(
    encodeMessage('envoy.service.discovery.v3.DeltaDiscoveryResponse', {
      type_url: type,
      nonce,
      resources: resources.map(({ name, version, encoded }) => ({
        name,
        version,
        resource: encoded(),
      })),
      removed_resources: removed,
    }),
  )
}
