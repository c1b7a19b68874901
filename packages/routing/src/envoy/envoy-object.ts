/** A resource of Envoy's API in canonical proto-JSON, with Envoy's own field names. */
export type EnvoyObject = { '@type': string; [field: string]: unknown }

/** The resources of one type by name. */
export type EnvoyObjects = ReadonlyMap<string, EnvoyObject>

/** The full type name of a message, as its `@type` has it. */
export const typeUrl = (message: string): string => `type.googleapis.com/${message}`

/** A config source: the stream that delivered the cluster itself. */
export const fromStream = { resource_api_version: 'V3', ads: {} }

/** As `fromStream`, for resources that are required: Envoy waits for them without a timeout. */
export const awaitedFromStream = { ...fromStream, initial_fetch_timeout: '0s' }
