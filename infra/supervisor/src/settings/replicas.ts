/** The services that may have several replicas: any of them may be killed, and the others go on. */
export const replicatedServices = ['api', 'scheduler', 'replicator'] as const

export type ReplicatedService = (typeof replicatedServices)[number]

/** The number of processes of a service; one by default. */
export type Replicas = Partial<Record<ReplicatedService, number>>

/**
 * `api`, `api-2`, `api-3`: the first has the service's own name, so that a cluster can grow without renaming anything.
 */
export const replicaNames = (service: ReplicatedService, replicas: Replicas = {}): string[] =>
  Array.from({ length: replicas[service] ?? 1 }, (_, index) =>
    index === 0 ? service : `${service}-${index + 1}`,
  )
