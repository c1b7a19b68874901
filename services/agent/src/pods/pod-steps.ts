import { type Cause, isOutage, KeyFailure } from '@reckon/eventing/bus'
import {
  containersOf,
  graceSecondsOf,
  isRefusal,
  isTerminating,
  messageOf,
  objectKey,
  type Pod,
} from '@reckon/kubernetes'
import { startContainer } from '../containers/start-container.ts'
import type { StartFailure } from '../containers/start-failure.ts'
import { startSandbox } from '../containers/start-sandbox.ts'
import type { NodeContext } from '../node/node-context.ts'
import { isPassing, type PodIdentity, type SeenContainer, sandboxName } from '../runtime/runtime.ts'
import { refreshVolumes } from '../volumes/pod-mounts.ts'
import { type BackOff, backOffAfter } from './back-off.ts'
import { runHook } from './check-container.ts'
import { mayRestart } from './may-restart.ts'
import type { PodFailures } from './pod-failures.ts'
import type { Notice } from './pod-notes.ts'
import type { FailedProbe } from './pod-probes.ts'
import { newest, type PodMemory, type Step } from './sync.ts'
import { type Trouble, troubleAfter } from './trouble.ts'

/** A failed step is retried after this time. */
const stepRetryMs = 5_000
/** The grace period for pods that were deleted without their node: a kubelet's minimum. */
const removedGraceSeconds = 1

/** The wanted pod, and the event that made it so. */
export type DesiredPod = { pod: Pod | undefined; cause: Cause | undefined }

/** Reasons for something missing in the cluster that may appear later. */
const configReasons = ['CreateContainerConfigError', 'FailedMount']

/** What a step concerns: containers that the engine lists, files only, or one start of a container. */
export type StepSubject = 'Containers' | 'Files' | StartedAttempt
/** The sandbox has the name `sandboxName`. */
export type StartedAttempt = { container: string; attempt: number }

type Life = {
  /** Aborts when the pod must end: starts under way are abandoned. */
  ended: AbortSignal
  /** Aborts when the agent ends. */
  signal: AbortSignal
  /** Counts bugs that prevent a step. */
  failures: PodFailures
  notice: Notice
  /** Called for each start of a container whose image was on the machine. */
  onImageFound(container: string): void
  /** Called whenever a step has ended. */
  onEnd(of: StepSubject): void
  /** Called when a step fails fatally. */
  onBroken(error: unknown): void
}

/** Runs the steps of one pod, each at most once at a time, and remembers their outcomes. */
export class PodSteps implements Pick<PodMemory, 'backOffs' | 'troubles' | 'hooked'> {
  readonly backOffs = new Map<string, BackOff>()
  readonly troubles = new Map<string, Trouble>()
  readonly hooked = new Set<string>()
  isPodGone = false
  /** Whether a finished pod has freed its memory and volumes. */
  hasFreedMemory = false
  hasNoVolumes = false
  readonly #node: NodeContext
  readonly #pod: PodIdentity
  readonly #life: Life
  readonly #inFlight = new Map<string, Promise<void>>()
  /** Since when the pod's containers are being stopped with this grace period. */
  #ending: { graceSeconds: number; sinceMs: number } | undefined

  constructor(node: NodeContext, pod: PodIdentity, life: Life) {
    this.#node = node
    this.#pod = pod
    this.#life = life
  }

  /** Begins a step, unless it is under way already or must wait for another one. */
  begin(step: Step, seen: readonly SeenContainer[], desired: DesiredPod): void {
    const { runtime } = this.#node.ports
    const { pod } = desired
    if (step.type === 'StopContainer') {
      this.#stop(step.seen, pod)
    } else if (step.type === 'RemoveContainer') {
      const { id, container } = step.seen
      // A container that is being started needs its sandbox, though it is not running yet.
      const isNeeded = container === sandboxName && this.#isStarting()
      if (isNeeded || this.#inFlight.has(`start ${container}`)) return
      this.#begin(`remove ${id}`, () => runtime.remove(id))
    } else if (step.type === 'RemovePod') {
      if (this.#inFlight.size === 0) this.#begin('remove', () => this.#removePod(desired))
    } else if (pod !== undefined && step.type === 'StartSandbox') {
      const { attempt } = step
      const start = () => this.#startSandbox(pod, attempt)
      this.#begin(`start ${sandboxName}`, start, { container: sandboxName, attempt })
    } else if (pod !== undefined && step.type === 'StartContainer') {
      const sandbox = seen.find(
        (each) => each.container === sandboxName && each.state === 'Running',
      )
      if (sandbox === undefined) return
      const { container, attempt } = step
      const start = () => this.#start(pod, step, { sandbox, seen })
      this.#begin(`start ${container.name}`, start, { container: container.name, attempt })
    }
  }

  /** Updates the files of the pod's volumes; false where that is under way already. */
  refreshVolumes(pod: Pod): boolean {
    return this.#begin('refresh', () => refreshVolumes(this.#node, pod), 'Files')
  }

  /**
   * Frees the memory of its volumes when nothing of it runs, but not while a step is under way, which may be placing
   * them.
   */
  freeMemory(): void {
    const { disk } = this.#node.ports
    const free = async () => {
      await disk.freeMemory(this.#pod.uid)
      this.hasFreedMemory = true
    }
    if (this.#inFlight.size === 0) this.#begin('free memory', free, 'Files')
  }

  /** Removes its volumes when nothing of it is left, but not while a step is under way. */
  removeVolumes(): void {
    const { disk } = this.#node.ports
    const remove = async () => {
      await disk.remove(this.#pod.uid)
      this.hasNoVolumes = true
    }
    if (this.#inFlight.size === 0) this.#begin('remove volumes', remove, 'Files')
  }

  /** Stops a container that has failed its probes; the pod decides whether it restarts. */
  endUnhealthy(
    seen: SeenContainer,
    { probe, why }: FailedProbe,
    { pod, graceSeconds }: { pod: Pod | undefined; graceSeconds: number | undefined },
  ): void {
    const name = `${this.#pod.namespace}/${this.#pod.name}`
    const { container } = seen
    this.#node.ports.log.info({ pod: name, container, probe, why }, 'it is unhealthy')
    const next = pod && mayRestart(pod, container) ? ', will be restarted' : ''
    this.#stop(seen, pod, {
      graceSeconds,
      said: `Container ${container} failed ${probe} probe${next}`,
    })
  }

  /** Resolves when no start is under way. */
  async startsEnded(): Promise<void> {
    const starts = [...this.#inFlight].filter(([key]) => key.startsWith('start'))
    await Promise.all(starts.map(([, running]) => running))
  }

  /** Retries what failed because something was missing, which may be there now. */
  forgetConfigTroubles(): void {
    for (const [name, { reason }] of this.troubles) {
      if (configReasons.includes(reason)) this.troubles.delete(name)
    }
  }

  #begin(key: string, act: () => Promise<void>, of: StepSubject = 'Containers'): boolean {
    if (this.#inFlight.has(key)) return false
    const { log, clock } = this.#node.ports
    const { signal, failures, onBroken } = this.#life
    const running = act()
      .then(() => failures.settled(key))
      .catch((error: unknown) => {
        if (error instanceof KeyFailure) failures.failed(key, error, undefined)
        else if (!isPassing(error) && !isRefusal(error)) return onBroken(error)
        // While the engine is away every step fails, which is reported once elsewhere.
        else if (!isOutage(error) && !signal.aborted) {
          log.warn({ pod: objectKey(this.#pod), step: key, reason: messageOf(error) }, 'failed')
        }
        // The plan is unchanged, so the step will be repeated.
        return clock.sleep(stepRetryMs, signal)
      })
      .finally(() => {
        this.#inFlight.delete(key)
        this.#life.onEnd(of)
      })
    this.#inFlight.set(key, running)
    return true
  }

  async #startSandbox(pod: Pod, attempt: number): Promise<void> {
    if (attempt > 0) {
      const words = 'Pod sandbox changed, it will be killed and re-created.'
      this.#life.notice('Normal', 'SandboxChanged', words)
    }
    const failure = await startSandbox(this.#node, pod, attempt)
    if (failure) this.#life.notice('Warning', failure.reason, sandboxNotice(failure))
    this.#remember(sandboxName, this.#node.configuration.pauseImage, failure)
  }

  async #start(
    pod: Pod,
    { container, attempt, failedAtMs }: Step & { type: 'StartContainer' },
    { sandbox, seen }: { sandbox: SeenContainer; seen: readonly SeenContainer[] },
  ): Promise<void> {
    const { name, image = '' } = container
    if (container.lifecycle?.postStart) this.hooked.add(name)
    const { notice, ended } = this.#life
    const onImageFound = () => this.#life.onImageFound(name)
    const told = { notice, onImageFound }
    const start = { pod, container, attempt, sandbox, target: targetOf(pod, name, seen), ...told }
    const failure = await startContainer(this.#node, start, ended).finally(() => {
      this.hooked.delete(name)
    })
    if (failure === undefined && failedAtMs !== undefined) {
      this.backOffs.set(name, backOffAfter(this.backOffs.get(name), failedAtMs))
    }
    this.#remember(name, image, failure)
  }

  #remember(name: string, image: string, failure: StartFailure | undefined): void {
    if (failure === undefined) {
      this.troubles.delete(name)
      return
    }
    const nowMs = this.#node.ports.clock.now()
    this.troubles.set(name, troubleAfter(this.troubles.get(name), failure, { image, nowMs }))
  }

  /** A shorter grace period than the one under way counts from now. */
  #stop(
    seen: SeenContainer,
    pod: Pod | undefined,
    {
      graceSeconds = pod === undefined ? removedGraceSeconds : graceSecondsOf(pod),
      said = `Stopping container ${seen.container}`,
    }: { graceSeconds?: number | undefined; said?: string } = {},
  ): void {
    const isBegun = this.#begin(`stop ${seen.id} ${graceSeconds}`, () =>
      this.#end(seen, pod, graceSeconds),
    )
    // For a deleted pod the log records this.
    const isToldElsewhere = pod === undefined || isTerminating(pod)
    if (isBegun && !isToldElsewhere) this.#life.notice('Normal', 'Killing', said)
  }

  async #end(seen: SeenContainer, pod: Pod | undefined, graceSeconds: number): Promise<void> {
    const { clock, runtime } = this.#node.ports
    const beganMs = this.#endingSince(pod, graceSeconds)
    if (pod?.metadata.deletionTimestamp !== undefined) {
      await this.#node.endpointsGone.wait(this.#pod.uid, this.#life.signal)
    }
    if (pod !== undefined) await this.#beforeStop(seen, pod, graceSeconds * 1000)
    const waitedSeconds = Math.round((clock.now() - beganMs) / 1000)
    await runtime.stop(seen.id, Math.max(1, graceSeconds - waitedSeconds))
  }

  /** Containers stopped later have what is left of the pod's grace period. */
  #endingSince(pod: Pod | undefined, graceSeconds: number): number {
    const nowMs = this.#node.ports.clock.now()
    if (pod?.metadata.deletionTimestamp === undefined) return nowMs
    if (this.#ending?.graceSeconds !== graceSeconds) this.#ending = { graceSeconds, sinceMs: nowMs }
    return this.#ending.sinceMs
  }

  async #beforeStop(seen: SeenContainer, pod: Pod, timeoutMs: number): Promise<void> {
    const container = containersOf(pod.spec).find(({ name }) => name === seen.container)
    const hook = container?.lifecycle?.preStop
    if (container === undefined || hook === undefined) return
    const { ports } = this.#node
    if (hook.sleep) {
      // The grace period may have been shortened since the pod was created.
      return ports.clock.sleep(Math.min(hook.sleep.seconds * 1000, timeoutMs), this.#life.signal)
    }
    const host = this.#node.addresses.of(this.#pod.uid) ?? this.#node.network.nodeIP
    const why = await runHook(ports, hook, { id: seen.id, container, host }, timeoutMs)
    const name = `${this.#pod.namespace}/${this.#pod.name}`
    if (!why) return
    ports.log.info({ pod: name, container: container.name, why }, 'preStop failed')
    this.#life.notice('Warning', 'FailedPreStopHook', `PreStopHook failed: ${why}`)
  }

  async #removePod({ pod, cause }: DesiredPod): Promise<void> {
    await this.#node.ports.disk.remove(this.#pod.uid)
    this.#node.addresses.release(this.#pod.uid)
    if (pod !== undefined && cause !== undefined) {
      await this.#node.reporter.podGone(this.#pod, cause)
    }
    this.#node.endpointsGone.forget(this.#pod.uid)
    this.isPodGone = true
  }

  #isStarting(): boolean {
    return [...this.#inFlight.keys()].some((key) => key.startsWith('start'))
  }
}

/** In a kubelet's wording. */
const sandboxNotice = ({ reason, message }: StartFailure): string =>
  reason === 'FailedCreatePodSandBox' ? `Failed to create pod sandbox: ${message}` : message

/** The running container whose processes an ephemeral one shares. */
function targetOf(pod: Pod, name: string, seen: readonly SeenContainer[]): string | undefined {
  const ephemeral = pod.spec.ephemeralContainers?.find((each) => each.name === name)
  const target = ephemeral?.targetContainerName
  const last = target ? newest(seen, target) : undefined
  return last?.state === 'Running' ? last.id : undefined
}
