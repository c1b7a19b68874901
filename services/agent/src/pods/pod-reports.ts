import type { Cause } from '@reckon/eventing/bus'
import { conditionOf, isDeepEqual, isFinished, type PodStatus } from '@reckon/kubernetes'
import type { PodNote } from '@reckon/node-plane'
import type { NodeContext } from '../node/node-context.ts'
import { type PodIdentity, sandboxName } from '../runtime/runtime.ts'
import { isBeginning } from './is-beginning.ts'
import type { ObservedPod } from './pod-status.ts'

/** How long the report that a pod is starting is delayed: most pods run by then. */
const beginningMsMax = 1_000

/** Reports one pod to the cluster: its status when that has changed, and notes. */
export class PodReports {
  readonly #node: Pick<NodeContext, 'metrics' | 'ports' | 'reporter'>
  readonly #pod: PodIdentity
  readonly #heardOfMs: number
  #told: PodStatus | undefined
  #cause: Cause | undefined
  #isDoubted = false
  /** Containers that are being started whose image was on the machine. */
  readonly #imagesFound = new Set<string>()
  #isLast = false

  /** `told` is the status that the cluster has. */
  constructor(
    node: Pick<NodeContext, 'metrics' | 'ports' | 'reporter'>,
    pod: PodIdentity,
    told: PodStatus | undefined,
  ) {
    this.#node = node
    this.#pod = pod
    this.#told = told
    this.#heardOfMs = node.ports.clock.now()
  }

  /** The last reported status, which may not be recorded yet. */
  get told(): PodStatus | undefined {
    return this.#told
  }

  /** The last event that changed the wanted pod; without one, nothing is reported. */
  get cause(): Cause | undefined {
    return this.#cause
  }

  set cause(cause: Cause) {
    this.#cause = cause
  }

  /** The cluster considers the pod's state unknown: it is reported again, even if unchanged. */
  doubt(): void {
    this.#isDoubted = true
  }

  /** The cluster does not have what was told, because it has not arrived yet or a client has taken it away. */
  missed(): void {
    if (conditionOf(this.#told, 'Ready') !== undefined) this.#isDoubted = true
  }

  /** Reports the pod's state, or returns when to report it. */
  seen(
    status: PodStatus,
    { pod, seen, nowMs }: Pick<ObservedPod, 'pod' | 'seen' | 'nowMs'>,
    { isLeaving }: { isLeaving: boolean },
  ): number | undefined {
    // The status of a pod that is finished and removed stays as reported.
    const isOver = isFinished(pod.status) && seen.length === 0
    if (isOver || this.#isLast) return undefined
    // Containers removed from now on say nothing more about how they ended.
    const runs = seen.some(
      ({ container, state }) => container !== sandboxName && state === 'Running',
    )
    this.#isLast = isLeaving && !runs
    const beginsUntilMs = this.#heardOfMs + beginningMsMax
    const isNew = this.#told?.startTime === undefined && isBeginning(status)
    if (isNew && nowMs < beginsUntilMs) return beginsUntilMs
    if (status.phase === 'Running' && this.#told?.phase !== 'Running') {
      this.#node.metrics.podStartSeconds.observe((nowMs - this.#heardOfMs) / 1000)
    }
    this.status(status)
    return undefined
  }

  status(status: PodStatus): void {
    if (this.#cause === undefined) return
    if (isDeepEqual(status, this.#told) && !this.#isDoubted) return
    this.#isDoubted = false
    this.#told = status
    const imagesFound = [...this.#imagesFound]
    this.#imagesFound.clear()
    this.#node.reporter.podStatus(this.#pod, { status, imagesFound, cause: this.#cause })
  }

  /** Reported with the next status. */
  imageFound(container: string): void {
    this.#imagesFound.add(container)
  }

  /** Reports a note, together with the last reported status. */
  note(note: PodNote): void {
    if (this.#cause === undefined) return
    const status = this.#told ?? { phase: 'Pending' }
    this.#node.reporter.podStatus(this.#pod, { status, notes: [note], cause: this.#cause })
  }
}
