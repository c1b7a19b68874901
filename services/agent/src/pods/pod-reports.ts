import type { Cause } from '@reckon/eventing/bus'
import { isDeepEqual, type PodStatus } from '@reckon/kubernetes'
import type { PodNote } from '@reckon/node-plane'
import type { Reporter } from '../node/reporter.ts'
import type { PodIdentity } from '../runtime/runtime.ts'

/** Tells the cluster of one pod: how it is, where that has changed, and what was noticed besides. */
export class PodReports {
  readonly #reporter: Pick<Reporter, 'podStatus'>
  readonly #pod: PodIdentity
  #told: PodStatus | undefined
  #cause: Cause | undefined
  #isDoubted = false

  /** `told` is what the cluster knows of the pod. */
  constructor(
    reporter: Pick<Reporter, 'podStatus'>,
    pod: PodIdentity,
    told: PodStatus | undefined,
  ) {
    this.#reporter = reporter
    this.#pod = pod
    this.#told = told
  }

  /** What was told last: it may not have come back yet. */
  get told(): PodStatus | undefined {
    return this.#told
  }

  /** The event that said last what the pod is to be; nothing is told of a pod of which none did. */
  get cause(): Cause | undefined {
    return this.#cause
  }

  set cause(cause: Cause) {
    this.#cause = cause
  }

  /** The cluster thinks that nobody knows how the pod is: it is told once more, though nothing has changed. */
  doubt(): void {
    this.#isDoubted = true
  }

  status(status: PodStatus): void {
    if (this.#cause === undefined) return
    if (isDeepEqual(status, this.#told) && !this.#isDoubted) return
    this.#isDoubted = false
    this.#told = status
    this.#reporter.podStatus(this.#pod, { status, cause: this.#cause })
  }

  /** Tells what was noticed, beside the status that was told last. */
  note(note: PodNote): void {
    if (this.#cause === undefined) return
    const status = this.#told ?? { phase: 'Pending' }
    this.#reporter.podStatus(this.#pod, { status, notes: [note], cause: this.#cause })
  }
}
