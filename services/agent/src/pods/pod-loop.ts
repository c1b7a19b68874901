import { Alarm, attempt, backOffMs, type Computation, KeyFailure } from '@reckon/eventing/bus'
import {
  claimsOf,
  conditionOf,
  isFinished,
  isTerminating,
  nodeNotReadyReason,
  objectKey,
  type Pod,
} from '@reckon/kubernetes'
import type { NodeContext } from '../node/node-context.ts'
import type { CachedObject } from '../node/object-cache.ts'
import { isPassing, type PodIdentity, type SeenContainer, sandboxName } from '../runtime/runtime.ts'
import type { Admission, Rejection } from './admission.ts'
import type { Eviction } from './eviction.ts'
import { isEvicted } from './is-evicted.ts'
import { isSameDesired } from './is-same-desired.ts'
import { LastLook } from './last-look.ts'
import { PodFailures } from './pod-failures.ts'
import { countedNotices } from './pod-notes.ts'
import { PodProbes } from './pod-probes.ts'
import { PodReports } from './pod-reports.ts'
import { type ObservedPod, podStatusOf } from './pod-status.ts'
import { PodSteps, type StepSubject } from './pod-steps.ts'
import { type PodMemory, sync } from './sync.ts'
import { TerminationMessages } from './termination-messages.ts'

/** While the engine is away, a pod is synced at this interval. */
const engineRetryMs = 5_000
/** The back-off of a pod that cannot be synced because of a bug. */
const failedRests = { minMs: 1_000, maxMs: 60_000 }
/** The name of failures outside steps. */
const planning = 'plan'
/** No new pod starts until the node knows its own size. */
const admissionRetryMs = 1_000

/** Keeps one pod as its object says until it is gone: lists its containers, plans, runs steps, reports, waits. */
export class PodLoop {
  readonly pod: PodIdentity
  /** The pod to start after this one is completely gone. */
  again: CachedObject<Pod> | undefined
  readonly #node: NodeContext
  readonly #signal: AbortSignal
  readonly #alarm: Alarm
  readonly #ended = new AbortController()
  readonly #reports: PodReports
  readonly #failures: PodFailures
  readonly #steps: PodSteps
  readonly #probes: PodProbes
  readonly #messages: TerminationMessages
  readonly #lastLook: LastLook
  #wanted: Pod | undefined
  /** The claims of the pod as last known; undefined where it never was. */
  #claims: readonly string[] | undefined
  #volumesAreOld = true
  #broken: { error: unknown } | undefined
  #rejection: Rejection | undefined
  #eviction: Eviction | undefined

  constructor(
    node: NodeContext,
    pod: PodIdentity,
    { known, signal }: { known: CachedObject<Pod> | undefined; signal: AbortSignal },
  ) {
    this.#node = node
    this.#alarm = new Alarm(node.ports.clock)
    this.pod = pod
    this.#signal = signal
    this.#lastLook = new LastLook(() => node.ports.runtime.list(pod.uid))
    this.#reports = new PodReports(node, pod, known?.object.status)
    const onEnd = (of: StepSubject) => {
      if (of === 'Containers') return this.look()
      if (of !== 'Files') this.#lastLook.started(of)
      this.#alarm.ring()
    }
    const onBroken = (error: unknown) => this.#break(error)
    const ended = AbortSignal.any([this.#ended.signal, signal])
    const reports = this.#reports
    const failures = new PodFailures(node.failures, pod, (note) => reports.note(note))
    this.#failures = failures
    const notice = countedNotices((note) => reports.note(note))
    this.#messages = new TerminationMessages(node.ports)
    const onImageFound = (container: string) => reports.imageFound(container)
    const told = { failures, notice, onImageFound, onEnd, onBroken }
    this.#steps = new PodSteps(node, pod, { ended, signal, ...told })
    this.#probes = new PodProbes(node.ports, {
      onChange: () => this.#alarm.ring(),
      onFailure: (why) => notice('Warning', 'Unhealthy', why),
      onUnhealthy: (seen, failed, graceSeconds) =>
        this.#steps.endUnhealthy(seen, failed, { pod: this.#wanted, graceSeconds }),
      onBroken,
    })
    this.change(known)
  }

  /**
   * Sets the wanted pod; undefined when it is not wanted any more. That is final for this loop: if the pod is wanted
   * again (an api that was behind did not know it), it waits in `again` for a loop of its own.
   */
  change(known: CachedObject<Pod> | undefined): void {
    const isBack = this.#ended.signal.aborted && known !== undefined && !isTerminating(known.object)
    this.again = isBack ? known : undefined
    if (isBack) return
    if (known !== undefined && !isSameDesired(this.#wanted, known.object)) {
      this.#reports.cause = known.cause
      // Its labels and annotations may appear in files of its volumes.
      if (!isTerminating(known.object)) this.#volumesAreOld = true
    }
    if (known !== undefined) this.#claims = claimsOf(known.object)
    this.#wanted = known?.object
    const ready = conditionOf(known?.object.status, 'Ready')
    if (ready?.reason === nodeNotReadyReason) this.#reports.doubt()
    if (known !== undefined && ready === undefined) this.#reports.missed()
    if (known === undefined || isTerminating(known.object)) this.#ended.abort()
    this.#alarm.ring()
  }

  /** Whether the pod is terminating and something of it is left. */
  get isLeaving(): boolean {
    return this.#ended.signal.aborted
  }

  /** Whether the rest of the pod may still use the volume of this claim (`namespace/name`). */
  mayMount(claim: string): boolean {
    return this.#claims === undefined || this.#claims.includes(claim)
  }

  /** Something that the pod's containers use has changed. */
  refresh(): void {
    this.#volumesAreOld = true
    this.#steps.forgetConfigTroubles()
    this.#alarm.ring()
  }

  /** Evicts the pod, without a grace period. */
  evict(eviction: Eviction): void {
    if (this.#eviction !== undefined) return
    this.#eviction = eviction
    this.#reports.note({ type: 'Warning', ...eviction.rejection, count: 1 })
    this.#alarm.ring()
  }

  /** Something has happened to the pod's containers. */
  look(): void {
    this.#lastLook.happened()
    this.#alarm.ring()
  }

  /** Runs until nothing of the pod is left, or until the signal aborts. */
  async run(): Promise<void> {
    const { clock } = this.#node.ports
    const { podWorkerSeconds } = this.#node.metrics
    const signal = this.#signal
    while (!signal.aborted && !this.#steps.isPodGone) {
      const rings = this.#alarm.rings
      let untilMs: number | undefined
      if (this.#broken !== undefined) throw this.#broken.error
      const beganMs = clock.now()
      try {
        const seen = await this.#lastLook.containers()
        if (this.#wanted) await this.#messages.learn(this.#wanted, seen, signal)
        // Something may have changed since the listing.
        if (this.#alarm.rings !== rings) continue
        untilMs = this.#act(seen)
        this.#failures.settled(planning)
      } catch (error) {
        if (error instanceof KeyFailure) untilMs = clock.now() + this.#restMs(error)
        else if (isPassing(error)) untilMs = clock.now() + engineRetryMs
        else throw error
      }
      const about = { operation_type: this.isLeaving ? 'kill' : 'sync' }
      podWorkerSeconds.observe(about, (clock.now() - beganMs) / 1000)
      await this.#alarm.wait(rings, { untilMs, signal })
    }
    this.#probes.stop()
    if (this.#steps.isPodGone) this.#node.admission.release(this.pod.uid)
    // Stopping the node's containers must find them all.
    await this.#steps.startsEnded()
  }

  /** A fatal error ends the loop, and with it the agent. */
  #break(error: unknown): void {
    this.#broken ??= { error }
    this.#alarm.ring()
  }

  /** The delay before a pod is retried after a bug. */
  #restMs(failure: KeyFailure): number {
    const version = this.#wanted?.metadata.resourceVersion
    const { count } = this.#failures.failed(planning, failure, version)
    return backOffMs(count, failedRests)
  }

  /** Runs a computation for this pod, whose bugs must not affect other pods. */
  #attempt<T>(compute: Computation<T>): T {
    return attempt(objectKey(this.pod), compute)
  }

  /** Begins the next steps; returns the time until which there is nothing more to do unless something happens. */
  #act(seen: readonly SeenContainer[]): number | undefined {
    const { addresses, admission, network, ports } = this.#node
    if (isFinished(this.#reports.told)) admission.release(this.pod.uid)
    const verdict = this.#attempt(() => this.#verdict())
    if (verdict === 'Unknown') return ports.clock.now() + admissionRetryMs
    if (verdict !== 'Admitted') {
      this.#reject(verdict)
      return undefined
    }
    const ip = seen.find(({ container }) => container === sandboxName)?.ip
    if (ip !== undefined) addresses.adopt(this.pod.uid, ip)
    // A finished pod also gives up what others may need.
    else if (isFinished(this.#reports.told)) this.#giveBack()
    const host = this.#wanted?.spec.hostNetwork === true ? network.nodeIP : ip
    const { hooked } = this.#steps
    const settled = seen.filter(({ container }) => !hooked.has(container))
    this.#probes.follow(this.#wanted, settled, host)
    const nowMs = ports.clock.now()
    const plan = this.#attempt(() => sync(this.#told, seen, this.#memory, nowMs))
    const toldAtMs = this.#report(seen)
    // Nobody reads the volumes of a finished pod, and refreshing would recreate them.
    const isRead = seen.length > 0 && !isFinished(this.#reports.told)
    if (this.#volumesAreOld && this.#wanted !== undefined && isRead) {
      this.#volumesAreOld = !this.#steps.refreshVolumes(this.#wanted)
    }
    for (const step of plan.steps) {
      this.#steps.begin(step, seen, { pod: this.#leaving, cause: this.#reports.cause })
    }
    const wakeAtMs = [plan.wakeAtMs, toldAtMs].filter((each) => each !== undefined)
    return wakeAtMs.length > 0 ? Math.min(...wakeAtMs) : undefined
  }

  /** Frees its address and the memory of its volumes; for an evicted pod, all its volumes. */
  #giveBack(): void {
    this.#node.addresses.release(this.pod.uid)
    if (!this.#steps.hasFreedMemory) this.#steps.freeMemory()
    else if (isEvicted(this.#reports.told) && !this.#steps.hasNoVolumes) this.#steps.removeVolumes()
  }

  /** The wanted pod with its last reported status, which may not be recorded yet. */
  get #told(): Pod | undefined {
    const status = this.#reports.told
    return this.#wanted && { ...this.#wanted, ...(status && { status }) }
  }

  /** An evicted pod has no grace period, because its resources are needed now. */
  get #leaving(): Pod | undefined {
    const pod = this.#wanted
    if (pod === undefined || this.#eviction === undefined) return pod
    return { ...pod, spec: { ...pod.spec, terminationGracePeriodSeconds: 0 } }
  }

  get #memory(): PodMemory {
    const { backOffs, troubles, hooked } = this.#steps
    const [messages, probes] = [this.#messages.said, this.#probes.results]
    return { backOffs, troubles, hooked, messages, probes, eviction: this.#eviction }
  }

  /** Whether the node admits the pod; a finished or terminating pod needs no admission. */
  #verdict(): ReturnType<Admission['admit']> {
    const pod = this.#wanted
    if (pod === undefined || isTerminating(pod) || isFinished(pod.status)) return 'Admitted'
    return this.#rejection ?? this.#node.admission.admit(pod)
  }

  /** Rejects the pod for good: its owner will create another one. */
  #reject(rejection: Rejection): void {
    if (this.#rejection !== undefined) return
    this.#rejection = rejection
    this.#reports.status({ ...this.#reports.told, phase: 'Failed', ...rejection })
  }

  /** Reports the status; returns when to do so where that is not now. */
  #report(seen: readonly SeenContainer[]): number | undefined {
    if (this.#wanted === undefined) return undefined
    const observed: ObservedPod = {
      pod: this.#wanted,
      seen,
      memory: this.#memory,
      runtimeName: this.#node.ports.runtime.name,
      nowMs: this.#node.ports.clock.now(),
      hostIP: this.#node.network.nodeIP,
      previous: this.#reports.told,
    }
    const status = this.#attempt(() => podStatusOf(observed))
    return this.#reports.seen(status, observed, { isLeaving: this.isLeaving })
  }
}
