/** A resource of Envoy's API in canonical proto-JSON, with Envoy's own field names. */
export type EnvoyObject = { '@type': string; [field: string]: unknown }

/** The resources of one type by name. */
export type EnvoyObjects = ReadonlyMap<string, EnvoyObject>

/** The full type name of a message, as its `@type` has it. */
export const typeUrl = (message: string): string => `type.googleapis.com/${message}`

/** Resources that come over the stream on which the cluster itself came. */
export const fromStream = { resource_api_version: 'V3', ads: {} }

/** The same of what nothing can be served without: who has not heard of it yet waits, however long. */
export const awaitedFromStream = { ...fromStream, initial_fetch_timeout: '0s' }
