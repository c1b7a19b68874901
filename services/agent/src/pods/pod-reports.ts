import type { Cause } from '@reckon/eventing/bus'
import { isDeepEqual, isFinished, type PodStatus } from '@reckon/kubernetes'
import type { PodNote } from '@reckon/node-plane'
import type { NodeContext } from '../node/node-context.ts'
import { type PodIdentity, sandboxName } from '../runtime/runtime.ts'
import { isBeginning } from './is-beginning.ts'
import type { ObservedPod } from './pod-status.ts'

/** So long it is not told of a pod that it begins: most run by then, and that is told. */
const beginningMsMax = 1_000

/** Tells the cluster of one pod: how it is, where that has changed, and what was noticed besides. */
export class PodReports {
  readonly #node: Pick<NodeContext, 'metrics' | 'ports' | 'reporter'>
  readonly #pod: PodIdentity
  readonly #heardOfMs: number
  #told: PodStatus | undefined
  #cause: Cause | undefined
  #isDoubted = false
  /** The containers that are being started, and whose image was on the machine. */
  readonly #imagesFound = new Set<string>()
  #isLast = false

  /** `told` is what the cluster knows of the pod. */
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

  /** Tells what was seen of the pod, or answers when that is to be told. */
  seen(
    status: PodStatus,
    { pod, seen, nowMs }: Pick<ObservedPod, 'pod' | 'seen' | 'nowMs'>,
    { isLeaving }: { isLeaving: boolean },
  ): number | undefined {
    // What is over and removed stays as it was told.
    const isOver = isFinished(pod.status) && seen.length === 0
    if (isOver || this.#isLast) return undefined
    // What is removed from here on says nothing more about how it ended.
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

  /** Is told with the next status. */
  imageFound(container: string): void {
    this.#imagesFound.add(container)
  }

  /** Tells what was noticed, beside the status that was told last. */
  note(note: PodNote): void {
    if (this.#cause === undefined) return
    const status = this.#told ?? { phase: 'Pending' }
    this.#node.reporter.podStatus(this.#pod, { status, notes: [note], cause: this.#cause })
  }
}
