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

/** A step that failed is tried again after this time. */
const stepRetryMs = 5_000
/** For pods that were removed without their node having been asked: as a kubelet's least. */
const removedGraceSeconds = 1

/** What a pod is to be, and the event that said so. */
export type DesiredPod = { pod: Pod | undefined; cause: Cause | undefined }

/** Of what is missing in the cluster, and may come. */
const configReasons = ['CreateContainerConfigError', 'FailedMount']

/** What a step is about: containers that the engine shows, files alone, or one start of a container. */
export type StepSubject = 'Containers' | 'Files' | StartedAttempt
/** Under `sandboxName` the sandbox. */
export type StartedAttempt = { container: string; attempt: number }

type Life = {
  /** Aborts when the pod is to end: what only begins is then given up. */
  ended: AbortSignal
  /** Aborts when the agent ends. */
  signal: AbortSignal
  /** Where it is counted that a bug keeps a step from being done. */
  failures: PodFailures
  /** Where it is told what was noticed. */
  notice: Notice
  /** Is told of each start of a container whose image was on the machine. */
  onImageFound(container: string): void
  /** Called whenever a step has ended. */
  onEnd(of: StepSubject): void
  /** Called when a step broke, which ends everything. */
  onBroken(error: unknown): void
}

/** Carries out the steps of one pod, each once at a time, and remembers how they went. */
export class PodSteps implements Pick<PodMemory, 'backOffs' | 'troubles' | 'hooked'> {
  readonly backOffs = new Map<string, BackOff>()
  readonly troubles = new Map<string, Trouble>()
  readonly hooked = new Set<string>()
  isPodGone = false
  /** Whether what a pod that is over gives back is given back: the memory of its volumes, all that they hold. */
  hasFreedMemory = false
  hasNoVolumes = false
  readonly #node: NodeContext
  readonly #pod: PodIdentity
  readonly #life: Life
  readonly #inFlight = new Map<string, Promise<void>>()
  /** Since when the pod's containers are ended within this grace. */
  #ending: { graceSeconds: number; sinceMs: number } | undefined

  constructor(node: NodeContext, pod: PodIdentity, life: Life) {
    this.#node = node
    this.#pod = pod
    this.#life = life
  }

  /** Begins a step, unless it is under way already or has to wait for one that is. */
  begin(step: Step, seen: readonly SeenContainer[], desired: DesiredPod): void {
    const { runtime } = this.#node.ports
    const { pod } = desired
    if (step.type === 'StopContainer') {
      this.#stop(step.seen, pod)
    } else if (step.type === 'RemoveContainer') {
      const { id, container } = step.seen
      // What is being started is made before it runs, and needs its sandbox.
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

  /** Brings the files of the pod's volumes up to date; false while that is under way already. */
  refreshVolumes(pod: Pod): boolean {
    return this.#begin('refresh', () => refreshVolumes(this.#node, pod), 'Files')
  }

  /** Nothing of it runs any more. Not while any step is under way: it may be placing them. */
  freeMemory(): void {
    const { disk } = this.#node.ports
    const free = async () => {
      await disk.freeMemory(this.#pod.uid)
      this.hasFreedMemory = true
    }
    if (this.#inFlight.size === 0) this.#begin('free memory', free, 'Files')
  }

  /** Nothing of it is there any more. Not while any step is under way, either. */
  removeVolumes(): void {
    const { disk } = this.#node.ports
    const remove = async () => {
      await disk.remove(this.#pod.uid)
      this.hasNoVolumes = true
    }
    if (this.#inFlight.size === 0) this.#begin('remove volumes', remove, 'Files')
  }

  /** Ends a container that its probes give up; whether it starts again is for its pod to say. */
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

  /** Resolves when nothing is being started any more. */
  async startsEnded(): Promise<void> {
    const starts = [...this.#inFlight].filter(([key]) => key.startsWith('start'))
    await Promise.all(starts.map(([, running]) => running))
  }

  /** What is missing may be there now. */
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
        // While the engine is away every step fails; that it is away is said once, elsewhere.
        else if (!isOutage(error) && !signal.aborted) {
          log.warn({ pod: objectKey(this.#pod), step: key, reason: messageOf(error) }, 'failed')
        }
        // The plan still holds, so it comes again.
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

  /** A shorter grace than the one under way counts from now. */
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
    // Of a pod that is deleted the log tells it.
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

  /** What ends last has what is left of the pod's grace. */
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
      // The grace may have been shortened since the pod was made.
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

/** In a kubelet's words. */
const sandboxNotice = ({ reason, message }: StartFailure): string =>
  reason === 'FailedCreatePodSandBox' ? `Failed to create pod sandbox: ${message}` : message

/** The running container into whose processes an ephemeral one is to look. */
function targetOf(pod: Pod, name: string, seen: readonly SeenContainer[]): string | undefined {
  const ephemeral = pod.spec.ephemeralContainers?.find((each) => each.name === name)
  const target = ephemeral?.targetContainerName
  const last = target ? newest(seen, target) : undefined
  return last?.state === 'Running' ? last.id : undefined
}
