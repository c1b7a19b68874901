import { type Origin, type StoredObject, streamOf } from '@reckon/domain'
import { attempt, type Computation, KeyFailure, silent } from '@reckon/eventing'
import { type Pod, pods } from '@reckon/kubernetes'
import { createMetrics, KeyFailures } from '@reckon/process'
import { noteFailure } from '@reckon/writing'
import type { TermPorts } from './ports.ts'

/** Pods that cannot be placed because of a bug of ours; all others are placed meanwhile. */
export class FailedPods {
  readonly #ports: TermPorts
  readonly #failures: KeyFailures

  constructor(ports: TermPorts) {
    const { clock, logger = silent, metrics = createMetrics() } = ports
    this.#ports = ports
    this.#failures = new KeyFailures('scheduler', { clock, logger, metrics })
  }

  /** Runs a computation for a pod; returns the failure where it has a bug. */
  attempt<T>({ metadata: { namespace, name } }: Pod, compute: Computation<T>): T | KeyFailure {
    try {
      return attempt(streamOf(pods, namespace, name), compute)
    } catch (error) {
      if (error instanceof KeyFailure) return error
      throw error
    }
  }

  /** Reports the failure: in the log, in the metrics, and as a note on the pod. */
  async note(stored: StoredObject<Pod>, failure: KeyFailure, origin: Origin): Promise<void> {
    const { uid = '', resourceVersion } = stored.object.metadata
    const failing = this.#failures.failed(uid, failure, resourceVersion)
    const failed = { component: 'scheduler', reason: 'FailedScheduling', doing: 'placing this pod' }
    await noteFailure(this.#ports, stored, { ...failed, failing, origin })
  }

  /** To be called when the pod was placed or is gone. */
  forget(uid: string): void {
    this.#failures.settled(uid)
  }
}
