import { decodeMessage, encodeMessage } from './envoy-messages.ts'
import type { VersionedResource } from './resource-table.ts'

/** A message of Envoy: what it subscribes to, and whether it accepted what it was sent. */
export type DeltaRequest = {
  type_url: string
  resource_names_subscribe: string[]
  resource_names_unsubscribe: string[]
  initial_resource_versions: Record<string, string>
  response_nonce?: string
  /** The identity of Envoy; sent once, in the first message of a stream. */
  node?: { user_agent_build_version?: { version?: EnvoyVersion | null } | null } | null
  error_detail?: { message?: string } | null
}

type EnvoyVersion = { major_number?: number; minor_number?: number; patch?: number }

export type DeltaResponse = {
  type: string
  nonce: string
  resources: readonly VersionedResource[]
  removed: readonly string[]
}

export const decodeDeltaRequest = (bytes: Uint8Array): DeltaRequest =>
  decodeMessage('envoy.service.discovery.v3.DeltaDiscoveryRequest', bytes)

/** The version of Envoy (`1.40.0`), if the message has it. */
export function versionIn({ node }: DeltaRequest): string | undefined {
  const { version } = node?.user_agent_build_version ?? {}
  if (!version) return undefined
  const { major_number = 0, minor_number = 0, patch = 0 } = version
  return `${major_number}.${minor_number}.${patch}`
}

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
