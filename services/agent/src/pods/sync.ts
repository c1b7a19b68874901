import { type Container, isFinished, type Pod } from '@reckon/kubernetes'
import { type SeenContainer, sandboxName } from '../runtime/runtime.ts'
import { type BackOff, retryAtMs } from './back-off.ts'
import { deadlineOf } from './deadline.ts'
import type { Eviction } from './eviction.ts'
import type { ProbeResult } from './pod-probes.ts'
import { nextChangeMs, type Trouble } from './trouble.ts'
import { type KnownContainer, withForgotten } from './with-forgotten.ts'

/** A step to take next; all steps of a plan may run at the same time. */
export type Step =
  | { type: 'StartSandbox'; attempt: number }
  /** `failedAtMs` is set for a restart. */
  | { type: 'StartContainer'; container: Container; attempt: number; failedAtMs?: number }
  | { type: 'StopContainer'; seen: SeenContainer }
  | { type: 'RemoveContainer'; seen: SeenContainer }
  /** Nothing is left to stop: removes the volumes, frees the address, sends the last report. */
  | { type: 'RemovePod' }

/** What the agent remembers of a pod besides what it observes. */
export type PodMemory = {
  /** By container. */
  backOffs: ReadonlyMap<string, BackOff>
  /** By container; the sandbox's is under `sandboxName`. */
  troubles: ReadonlyMap<string, Trouble>
  /** Containers whose postStart hook is still running: until it ends, they do not count as running. */
  hooked: ReadonlySet<string>
  /** Termination messages by container id. */
  messages: ReadonlyMap<string, string>
  /** Results of probes by the id of a running container. */
  probes: ReadonlyMap<string, ProbeResult>
  /** Why the node evicts the pod. */
  eviction?: Eviction | undefined
}

/** The next steps, and when to plan again even if nothing happens. */
export type Plan = { steps: readonly Step[]; wakeAtMs?: number }

/**
 * The steps towards the wanted pod. Pure: the pod's loop runs them, observes and plans again. An undefined pod is not
 * wanted any more; its status is the last reported one.
 */
export function sync(
  pod: Pod | undefined,
  seen: readonly SeenContainer[],
  memory: PodMemory,
  nowMs: number,
): Plan {
  const sandboxes = seen.filter((each) => each.container === sandboxName)
  const containers = seen.filter((each) => each.container !== sandboxName)
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) {
    return { steps: takeDown(pod, sandboxes, containers) }
  }
  const deadlineMs = deadlineOf(pod)
  const known = withForgotten(seen, pod.status).filter(({ container }) => container !== sandboxName)
  const isLate = deadlineMs !== undefined && deadlineMs <= nowMs
  if (isOver(pod, known) || isLate || memory.eviction !== undefined) {
    const next = nextToStop(pod, containers)
    return { steps: next.length > 0 ? next.map(stopping) : sandboxes.map(removal) }
  }

  const sandbox = sandboxes.find((each) => each.state === 'Running')
  const stale = sandboxes.filter((each) => each !== sandbox)
  // Containers in the network of a sandbox that is gone reach nothing: they are stopped.
  const stranded = containers.filter(
    (each) => each.state === 'Running' && each.sandboxId !== sandbox?.id,
  )
  if (stranded.length > 0) return { steps: stranded.map(stopping) }
  if (stale.length > 0) return { steps: stale.map(removal) }
  const unstarted = containers.filter((each) => each.state === 'Created')
  if (unstarted.length > 0) return { steps: unstarted.map(removal) }

  const trouble = memory.troubles.get(sandboxName)
  if (sandbox === undefined) {
    if (trouble !== undefined && trouble.retryAtMs > nowMs) {
      return { steps: [], wakeAtMs: trouble.retryAtMs }
    }
    return { steps: [{ type: 'StartSandbox', attempt: nextAttempt(pod, known) }] }
  }
  const planned = planContainers({ pod, containers: known, memory, nowMs, sandboxId: sandbox.id })
  const plan = { ...planned, steps: [...planned.steps, ...outdated(containers).map(removal)] }
  if (deadlineMs === undefined) return plan
  return { ...plan, wakeAtMs: Math.min(deadlineMs, plan.wakeAtMs ?? deadlineMs) }
}

function takeDown(
  pod: Pod | undefined,
  sandboxes: readonly SeenContainer[],
  containers: readonly SeenContainer[],
): readonly Step[] {
  const next = nextToStop(pod, containers)
  if (next.length > 0) return next.map(stopping)
  const left = containers.length > 0 ? containers : sandboxes
  return left.length > 0 ? left.map(removal) : [{ type: 'RemovePod' }]
}

/** Sidecars are stopped after all others, in reverse order of their start. */
function nextToStop(
  pod: Pod | undefined,
  containers: readonly SeenContainer[],
): readonly SeenContainer[] {
  const running = containers.filter((each) => each.state === 'Running')
  const sidecars = (pod?.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name)
  const others = running.filter((each) => !sidecars.includes(each.container))
  if (others.length > 0) return others
  const last = sidecars.findLast((name) => running.some((each) => each.container === name))
  return running.filter((each) => each.container === last)
}

type Situation = {
  pod: Pod
  containers: readonly KnownContainer[]
  memory: PodMemory
  nowMs: number
  sandboxId: string
}

function planContainers(situation: Situation): Plan {
  const { pod, containers, sandboxId } = situation
  const steps: Step[] = []
  const wakeAtMs: number[] = []
  const consider = (container: Container) => {
    const next = planStart(container, situation)
    if (next?.step !== undefined) steps.push(next.step)
    if (next?.wakeAtMs !== undefined) wakeAtMs.push(next.wakeAtMs)
  }
  const here = containers.filter((each) => each.sandboxId === sandboxId)
  const appNames = new Set(pod.spec.containers.map((each) => each.name))
  const initialized = here.some((each) => appNames.has(each.container))
  for (const ephemeral of pod.spec.ephemeralContainers ?? []) {
    if (newest(containers, ephemeral.name) === undefined) consider(ephemeral)
  }
  let waits = false
  for (const init of pod.spec.initContainers ?? []) {
    const last = newest(here, init.name)
    if (isSidecar(init)) {
      if (last?.state !== 'Running') consider(init)
      waits = !initialized && !hasStarted(init, last, situation.memory)
    } else if (!initialized && !(last?.state === 'Exited' && last.exitCode === 0)) {
      if (last?.state !== 'Running') consider(init)
      waits = true
    }
    if (waits) break
  }
  if (!waits) for (const container of pod.spec.containers) consider(container)
  return wakeAtMs.length > 0 ? { steps, wakeAtMs: Math.min(...wakeAtMs) } : { steps }
}

function planStart(
  container: Container,
  { pod, containers, memory, nowMs, sandboxId }: Situation,
): { step?: Step; wakeAtMs?: number } | undefined {
  const last = newest(containers, container.name)
  if (last?.state === 'Running') return undefined
  const trouble = memory.troubles.get(container.name)
  if (trouble !== undefined && trouble.retryAtMs > nowMs) {
    return { wakeAtMs: nextChangeMs(trouble, nowMs) }
  }
  if (last === undefined) {
    return {
      step: { type: 'StartContainer', container, attempt: firstAttempt(pod, container.name) },
    }
  }
  const rerun = last.sandboxId !== sandboxId && isInit(pod, container.name)
  if (!rerun && !restarts(pod, container, last)) return undefined
  const attempt = last.attempt + 1
  // A container that ended with its sandbox is not to blame.
  if (last.sandboxId !== sandboxId) return { step: { type: 'StartContainer', container, attempt } }
  const failedAtMs = last.finishedAtMs ?? nowMs
  const retryMs = retryAtMs(memory.backOffs.get(container.name), failedAtMs)
  if (retryMs > nowMs) return { wakeAtMs: retryMs }
  return { step: { type: 'StartContainer', container, attempt, failedAtMs } }
}

/** Whether an ended container is to be restarted. */
export function restarts(pod: Pod, container: Container, last: KnownContainer): boolean {
  const policy = pod.spec.restartPolicy ?? 'Always'
  if (container.restartPolicy === 'Always') return true
  if (pod.spec.ephemeralContainers?.some(({ name }) => name === container.name)) return false
  if (policy === 'Never') return false
  return last.exitCode !== 0 || (policy === 'Always' && !isInit(pod, container.name))
}

/** Whether everything has ended and nothing of the pod will be started again. */
function isOver(pod: Pod, containers: readonly KnownContainer[]): boolean {
  if (isFinished(pod.status)) return true
  const ended = (container: Container) => {
    const last = newest(containers, container.name)
    return last?.state === 'Exited' && !restarts(pod, container, last) ? last : undefined
  }
  const broken = (pod.spec.initContainers ?? []).some((init) => (ended(init)?.exitCode ?? 0) !== 0)
  return broken || pod.spec.containers.every((container) => ended(container) !== undefined)
}

/** The latest attempt of a container. */
export function newest<Seen extends KnownContainer>(
  seen: readonly Seen[],
  name: string,
): Seen | undefined {
  return seen
    .filter((each) => each.container === name)
    .reduce<Seen | undefined>(
      (last, each) => (last === undefined || each.attempt > last.attempt ? each : last),
      undefined,
    )
}

/** The containers to remove: the attempt before the latest is kept for its logs, earlier ones are not. */
function outdated(containers: readonly SeenContainer[]): readonly SeenContainer[] {
  return containers.filter((each) => {
    const last = newest(containers, each.container)
    return last !== undefined && each.attempt < last.attempt - 1
  })
}

const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always'

/** Whether a sidecar has started: it runs, and its hook and startup probe are done. */
const hasStarted = (
  { name, startupProbe }: Container,
  last: KnownContainer | undefined,
  { hooked, probes }: PodMemory,
): boolean =>
  last?.state === 'Running' &&
  !hooked.has(name) &&
  (startupProbe === undefined || probes.get(last.id)?.started === true)

const isInit = (pod: Pod, name: string): boolean =>
  (pod.spec.initContainers ?? []).some((init) => init.name === name)

/** If the machine no longer has the container, the API still knows how often it was started. */
function firstAttempt(pod: Pod, name: string): number {
  const before = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ].find((status) => status.name === name)
  if (before?.containerID === undefined) return before?.restartCount ?? 0
  return before.restartCount + 1
}

/** The number of a new sandbox, which only needs to be unused. */
const nextAttempt = (pod: Pod, containers: readonly KnownContainer[]): number =>
  Math.max(
    0,
    ...pod.spec.containers.map((each) => (newest(containers, each.name)?.attempt ?? -1) + 1),
  )

const stopping = (seen: SeenContainer): Step => ({ type: 'StopContainer', seen })
const removal = (seen: SeenContainer): Step => ({ type: 'RemoveContainer', seen })
