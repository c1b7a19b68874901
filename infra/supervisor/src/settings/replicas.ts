/** The services of which a cluster may have several: any of them may be killed, and the others go on. */
export const replicatedServices = ['api', 'scheduler', 'replicator'] as const

export type ReplicatedService = (typeof replicatedServices)[number]

/** How many processes of a service; one where nothing is said. */
export type Replicas = Partial<Record<ReplicatedService, number>>

/** `api`, `api-2`, `api-3`: the first bears the service's own name, so that a cluster grows and renames nothing. */
export const replicaNames = (service: ReplicatedService, replicas: Replicas = {}): string[] =>
  Array.from({ length: replicas[service] ?? 1 }, (_, index) =>
    index === 0 ? service : `${service}-${index + 1}`,
  )
