import { isNoteDue, type KeyFailure } from '@reckon/eventing/bus'
import { objectKey } from '@reckon/kubernetes'
import type { PodNote } from '@reckon/node-plane'
import type { Failing, KeyFailures } from '@reckon/process'
import type { PodIdentity } from '../runtime/runtime.ts'

/** In a kubelet's wording; the details are only in the agent's log. */
const failedSync = {
  type: 'Warning',
  reason: 'FailedSync',
  message:
    'an internal error keeps the kubelet from running this pod; it is logged and tried again',
} as const

/**
 * Bugs that prevent something for one pod: each counted and logged separately, and noted on the pod at counts 1, 2, 4,
 * 8…
 */
export class PodFailures {
  readonly #failures: KeyFailures
  readonly #pod: string
  readonly #onNote: (note: PodNote) => void

  constructor(failures: KeyFailures, pod: PodIdentity, onNote: (note: PodNote) => void) {
    this.#failures = failures
    this.#pod = objectKey(pod)
    this.#onNote = onNote
  }

  /** Records a failure, for this version of the pod. */
  failed(what: string, failure: KeyFailure, version: string | undefined): Failing {
    const failing = this.#failures.failed(this.#keyOf(what), failure, version)
    const { count } = failing
    if (isNoteDue(count)) this.#onNote({ ...failedSync, count })
    return failing
  }

  /** Records a success. */
  settled(what: string): void {
    this.#failures.settled(this.#keyOf(what))
  }

  #keyOf(what: string): string {
    return `${this.#pod} ${what}`
  }
}
