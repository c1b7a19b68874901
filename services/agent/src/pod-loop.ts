import type { Cause } from '@reckon/eventing'
import { isDeepEqual, isRefusal, type Pod, type PodStatus } from '@reckon/kubernetes'
import { Alarm } from './alarm.ts'
import { type BackOff, backOffAfter } from './back-off.ts'
import type { ProbeResults } from './container-status.ts'
import type { Known } from './known-objects.ts'
import type { NodeContext } from './node-context.ts'
import { refreshVolumes } from './pod-mounts.ts'
import { podStatusOf } from './pod-status.ts'
import { type PodIdentity, type SeenContainer, sandboxName } from './runtime.ts'
import { type StartFailure, startContainer } from './start-container.ts'
import { startSandbox } from './start-sandbox.ts'
import { type Step, sync } from './sync.ts'
import { type Trouble, troubleAfter } from './trouble.ts'

/** Without a sign from the engine or the wire the pod is looked at this often while the engine is away. */
const engineRetryMs = 5_000
/** For pods that were removed without their node having been asked: as a kubelet's least. */
const removedGraceSeconds = 1

/** Keeps one pod as its object says until it is gone: looks, plans, carries out, tells, waits. */
export class PodLoop {
  readonly pod: PodIdentity
  readonly #node: NodeContext
  readonly #alarm = new Alarm()
  readonly #ended = new AbortController()
  readonly #inFlight = new Set<string>()
  readonly #backOffs = new Map<string, BackOff>()
  readonly #troubles = new Map<string, Trouble>()
  readonly #probes: ProbeResults = new Map()
  #wanted: Pod | undefined
  #cause: Cause | undefined
  #told: PodStatus | undefined
  #volumesAreOld = true
  #isLastTold = false
  #isGone = false

  constructor(node: NodeContext, pod: PodIdentity, known: Known<Pod> | undefined) {
    this.#node = node
    this.pod = pod
    this.#told = known?.object.status
    this.change(known)
  }

  /** What the pod is to be now; undefined: it is not wanted any more. */
  change(known: Known<Pod> | undefined): void {
    if (known !== undefined && !isSameWish(this.#wanted, known.object)) this.#cause = known.cause
    this.#wanted = known?.object
    if (known?.object.metadata.deletionTimestamp !== undefined || known === undefined) {
      this.#ended.abort()
    }
    this.#alarm.ring()
  }

  /** Something that the pod's containers are made of has changed. */
  refresh(): void {
    this.#volumesAreOld = true
    for (const [name, trouble] of this.#troubles) {
      if (trouble.reason === 'CreateContainerConfigError') this.#troubles.delete(name)
    }
    this.#alarm.ring()
  }

  /** Something has happened to the pod's containers. */
  look(): void {
    this.#alarm.ring()
  }

  /** Resolves when nothing of the pod is left, or when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, runtime } = this.#node.ports
    while (!signal.aborted && !this.#isGone) {
      const count = this.#alarm.count
      let untilMs: number | undefined
      try {
        const seen = await runtime.list(this.pod.uid)
        // What ended meanwhile may not be in what was seen.
        if (this.#alarm.count !== count) continue
        untilMs = this.#plan(seen, signal)
      } catch (error) {
        if (!isRefusal(error, 'ServiceUnavailable')) throw error
        untilMs = clock.now() + engineRetryMs
      }
      await this.#alarm.wait(count, clock, { untilMs, signal })
    }
  }

  #plan(seen: readonly SeenContainer[], signal: AbortSignal): number | undefined {
    const { clock } = this.#node.ports
    const sandbox = seen.find((each) => each.container === sandboxName && each.ip !== undefined)
    if (sandbox?.ip !== undefined) this.#node.addresses.adopt(this.pod.uid, sandbox.ip)
    // One that is over gives its address back with its sandbox.
    else if (isFinished(this.#told)) this.#node.addresses.release(this.pod.uid)
    const memory = { backOffs: this.#backOffs, troubles: this.#troubles }
    const plan = sync(this.#wanted, seen, memory, clock.now())
    this.#tell(seen)
    if (this.#volumesAreOld && this.#wanted !== undefined && seen.length > 0) {
      const pod = this.#wanted
      this.#begin('refresh', () => this.#refreshVolumes(pod), signal)
    }
    for (const step of plan.steps) this.#beginStep(step, seen, signal)
    return plan.wakeAtMs
  }

  #tell(seen: readonly SeenContainer[]): void {
    if (this.#wanted === undefined || this.#cause === undefined || this.#isLastTold) return
    // What is removed from here on says nothing more about how it ended.
    this.#isLastTold = this.#ended.signal.aborted && !seen.some(isRunningContainer)
    const status = podStatusOf({
      pod: this.#wanted,
      seen,
      memory: { backOffs: this.#backOffs, troubles: this.#troubles },
      probes: this.#probes,
      runtimeName: this.#node.ports.runtime.name,
      nowMs: this.#node.ports.clock.now(),
      hostIP: this.#node.configuration.nodeIP,
      previous: this.#told,
    })
    if (isDeepEqual(status, this.#told)) return
    this.#told = status
    this.#node.reporter.podStatus(this.pod, status, this.#cause)
  }

  #beginStep(step: Step, seen: readonly SeenContainer[], signal: AbortSignal): void {
    const { runtime } = this.#node.ports
    if (step.type === 'StartSandbox') {
      this.#begin('start', () => this.#startSandbox(step.attempt), signal)
    } else if (step.type === 'StartContainer') {
      const sandbox = seen.find(
        (each) => each.container === sandboxName && each.state === 'Running',
      )
      if (sandbox === undefined) return
      this.#begin(`start ${step.container.name}`, () => this.#start(step, sandbox), signal)
    } else if (step.type === 'StopContainer') {
      const { id } = step.seen
      this.#begin(`stop ${id} ${this.#graceSeconds()}`, () => this.#stop(id, signal), signal)
    } else if (step.type === 'RemoveContainer') {
      // A container that is being started still needs its sandbox.
      if (step.seen.container === sandboxName && this.#isStarting()) return
      this.#begin(`remove ${step.seen.id}`, () => runtime.remove(step.seen.id), signal)
    } else if (this.#inFlight.size === 0) {
      this.#begin('remove', () => this.#removePod(), signal)
    }
  }

  /** Begins what is not yet under way; when it ends, the pod is looked at again. */
  #begin(key: string, act: () => Promise<void>, signal: AbortSignal): void {
    if (this.#inFlight.has(key)) return
    this.#inFlight.add(key)
    const { log } = this.#node.ports
    act()
      .catch((error: unknown) => {
        if (signal.aborted) return
        // The plan still holds, so it is tried again: soon when the engine is back, else after a while.
        const message = error instanceof Error ? error.message : String(error)
        log.warn(
          { pod: `${this.pod.namespace}/${this.pod.name}`, step: key, reason: message },
          'a step failed',
        )
        return this.#node.ports.clock.sleep(engineRetryMs, signal)
      })
      .finally(() => {
        this.#inFlight.delete(key)
        this.#alarm.ring()
      })
  }

  async #startSandbox(attempt: number): Promise<void> {
    const pod = this.#wanted
    if (pod === undefined) return
    const failure = await startSandbox(this.#node, pod, attempt)
    this.#remember(sandboxName, this.#node.configuration.pauseImage, failure)
  }

  async #start(step: Step & { type: 'StartContainer' }, sandbox: SeenContainer): Promise<void> {
    const pod = this.#wanted
    if (pod === undefined) return
    const { container, attempt, failedAtMs } = step
    const failure = await startContainer(
      this.#node,
      { pod, container, attempt, sandbox },
      this.#ended.signal,
    )
    if (failure === undefined && failedAtMs !== undefined) {
      this.#backOffs.set(
        container.name,
        backOffAfter(this.#backOffs.get(container.name), failedAtMs),
      )
    }
    this.#remember(container.name, container.image ?? '', failure)
  }

  async #refreshVolumes(pod: Pod): Promise<void> {
    this.#volumesAreOld = false
    try {
      await refreshVolumes(this.#node, pod)
    } catch (error) {
      this.#volumesAreOld = true
      throw error
    }
  }

  #remember(name: string, image: string, failure: StartFailure | undefined): void {
    if (failure === undefined) {
      this.#troubles.delete(name)
      return
    }
    const nowMs = this.#node.ports.clock.now()
    this.#troubles.set(name, troubleAfter(this.#troubles.get(name), failure, { image, nowMs }))
  }

  async #stop(id: string, signal: AbortSignal): Promise<void> {
    const { clock, runtime } = this.#node.ports
    const beganMs = clock.now()
    const graceSeconds = this.#graceSeconds()
    if (this.#wanted?.metadata.deletionTimestamp !== undefined) {
      await this.#node.endpointsGone.wait(this.pod.uid, signal)
    }
    const waitedSeconds = Math.round((clock.now() - beganMs) / 1000)
    await runtime.stop(id, Math.max(1, graceSeconds - waitedSeconds))
  }

  async #removePod(): Promise<void> {
    const { disk } = this.#node.ports
    await disk.remove(this.pod.uid)
    this.#node.addresses.release(this.pod.uid)
    if (this.#wanted !== undefined && this.#cause !== undefined) {
      await this.#node.reporter.podGone(this.pod, this.#cause)
    }
    this.#node.endpointsGone.forget(this.pod.uid)
    this.#isGone = true
  }

  #graceSeconds(): number {
    if (this.#wanted === undefined) return removedGraceSeconds
    const { metadata, spec } = this.#wanted
    return metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30
  }

  #isStarting(): boolean {
    return [...this.#inFlight].some((key) => key.startsWith('start'))
  }
}

const isRunningContainer = ({ container, state }: SeenContainer): boolean =>
  container !== sandboxName && state === 'Running'

const isFinished = (status: PodStatus | undefined): boolean =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed'

/** Whether only what the node itself reports has changed. */
function isSameWish(before: Pod | undefined, after: Pod): boolean {
  if (before === undefined) return false
  const wish = ({ spec, metadata }: Pod) => {
    const { resourceVersion: _version, managedFields: _managed, ...rest } = metadata
    return { spec, metadata: rest }
  }
  return isDeepEqual(wish(before), wish(after))
}
