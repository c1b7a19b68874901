/** Which pod a container belongs to; the runtime remembers it with the container. */
export type PodIdentity = { uid: string; namespace: string; name: string }
