/** The pod that a container belongs to; the runtime stores it with the container. */
export type PodIdentity = { uid: string; namespace: string; name: string }
