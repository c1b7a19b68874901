import type { PodIdentity } from './pod-identity.ts'

/** Processor time since it began, in seconds; and memory that cannot be freed when it is needed (the working set), as it is now. */
export type Consumed = { cpuSeconds: number; memoryBytes: number }

/** What one attempt of a container has consumed; times are in milliseconds since the Unix epoch. */
export type ContainerConsumed = Consumed & {
  id: string
  pod: PodIdentity
  container: string
  startedAtMs: number
}

/**
 * What the machine and the running containers have consumed, sandboxes left out; the machine's is absent where it is not
 * known. `steadyMs` is when it was read, by a clock that nobody sets: from whenever, it only grows.
 */
export type RuntimeUsage = {
  steadyMs: number
  machine?: Consumed
  containers: readonly ContainerConsumed[]
}
