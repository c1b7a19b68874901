import { type Container, isFinished, type Pod } from '@reckon/kubernetes'
import { type SeenContainer, sandboxName } from '../runtime/runtime.ts'
import { type BackOff, retryAtMs } from './back-off.ts'
import { deadlineOf } from './deadline.ts'
import type { Trouble } from './trouble.ts'

/** One thing to do next; the steps of one round may be carried out at the same time. */
export type Step =
  | { type: 'StartSandbox'; attempt: number }
  /** `failedAtMs` is there where this is a repetition. */
  | { type: 'StartContainer'; container: Container; attempt: number; failedAtMs?: number }
  | { type: 'StopContainer'; seen: SeenContainer }
  | { type: 'RemoveContainer'; seen: SeenContainer }
  /** Nothing of the pod is left to stop: its volumes, its address, and the last report. */
  | { type: 'RemovePod' }

/** What the agent remembers of a pod beside what it can see. */
export type PodMemory = {
  /** By container: how often it ended. */
  backOffs: ReadonlyMap<string, BackOff>
  /** By container, and under `sandboxName` for the sandbox. */
  troubles: ReadonlyMap<string, Trouble>
}

/** What is to be done next, and when to look again though nothing happened. */
export type Plan = { steps: readonly Step[]; wakeAtMs?: number }

/**
 * What to do next so that what runs is what the pod says. Pure: the pod's loop carries it out, looks again and asks
 * again. A pod that is undefined is not wanted any more.
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
    return { steps: takeDown(sandboxes, containers) }
  }
  const deadlineMs = deadlineOf(pod)
  if (isOver(pod, containers) || (deadlineMs !== undefined && deadlineMs <= nowMs)) {
    const running = containers.filter((each) => each.state === 'Running')
    return { steps: running.length > 0 ? running.map(stopping) : sandboxes.map(removal) }
  }

  const sandbox = sandboxes.find((each) => each.state === 'Running')
  const stale = sandboxes.filter((each) => each !== sandbox)
  // Containers that joined a network which is gone reach nothing: they end with it.
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
    return { steps: [{ type: 'StartSandbox', attempt: nextAttempt(pod, containers) }] }
  }
  const plan = planContainers({ pod, containers, memory, nowMs, sandboxId: sandbox.id })
  if (deadlineMs === undefined) return plan
  return { ...plan, wakeAtMs: Math.min(deadlineMs, plan.wakeAtMs ?? deadlineMs) }
}

function takeDown(
  sandboxes: readonly SeenContainer[],
  containers: readonly SeenContainer[],
): readonly Step[] {
  const running = containers.filter((each) => each.state === 'Running')
  if (running.length > 0) return running.map(stopping)
  const left = containers.length > 0 ? containers : sandboxes
  return left.length > 0 ? left.map(removal) : [{ type: 'RemovePod' }]
}

type Situation = {
  pod: Pod
  containers: readonly SeenContainer[]
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
  let waits = false
  for (const init of pod.spec.initContainers ?? []) {
    const last = newest(here, init.name)
    const sidecar = init.restartPolicy === 'Always'
    if (sidecar) {
      if (last?.state !== 'Running') consider(init)
      waits = last?.state !== 'Running' && !initialized
    } else if (!initialized && !(last?.state === 'Exited' && last.exitCode === 0)) {
      if (last?.state !== 'Running') consider(init)
      waits = true
    }
    if (waits) break
  }
  if (!waits) for (const container of pod.spec.containers) consider(container)
  steps.push(...outdated(containers).map(removal))
  return wakeAtMs.length > 0 ? { steps, wakeAtMs: Math.min(...wakeAtMs) } : { steps }
}

function planStart(
  container: Container,
  { pod, containers, memory, nowMs, sandboxId }: Situation,
): { step?: Step; wakeAtMs?: number } | undefined {
  const last = newest(containers, container.name)
  if (last?.state === 'Running') return undefined
  const trouble = memory.troubles.get(container.name)
  if (trouble !== undefined && trouble.retryAtMs > nowMs) return { wakeAtMs: trouble.retryAtMs }
  if (last === undefined) {
    return {
      step: { type: 'StartContainer', container, attempt: firstAttempt(pod, container.name) },
    }
  }
  const rerun = last.sandboxId !== sandboxId && isInit(pod, container.name)
  if (!rerun && !restarts(pod, container, last)) return undefined
  const attempt = last.attempt + 1
  // One that ended with its sandbox is not to blame for it.
  if (last.sandboxId !== sandboxId) return { step: { type: 'StartContainer', container, attempt } }
  const failedAtMs = last.finishedAtMs ?? nowMs
  const retryMs = retryAtMs(memory.backOffs.get(container.name), failedAtMs)
  if (retryMs > nowMs) return { wakeAtMs: retryMs }
  return { step: { type: 'StartContainer', container, attempt, failedAtMs } }
}

/** Whether a container that has ended is to be started again. */
export function restarts(pod: Pod, container: Container, last: SeenContainer): boolean {
  const policy = pod.spec.restartPolicy ?? 'Always'
  if (container.restartPolicy === 'Always') return true
  if (policy === 'Never') return false
  return last.exitCode !== 0 || (policy === 'Always' && !isInit(pod, container.name))
}

/** Whether all has ended and nothing of the pod will ever be started again. */
function isOver(pod: Pod, containers: readonly SeenContainer[]): boolean {
  if (isFinished(pod.status)) return true
  const ended = (container: Container) => {
    const last = newest(containers, container.name)
    return last?.state === 'Exited' && !restarts(pod, container, last) ? last : undefined
  }
  const broken = (pod.spec.initContainers ?? []).some((init) => (ended(init)?.exitCode ?? 0) !== 0)
  return broken || pod.spec.containers.every((container) => ended(container) !== undefined)
}

/** The latest attempt of a container. */
export function newest(seen: readonly SeenContainer[], name: string): SeenContainer | undefined {
  return seen
    .filter((each) => each.container === name)
    .reduce<SeenContainer | undefined>(
      (last, each) => (last === undefined || each.attempt > last.attempt ? each : last),
      undefined,
    )
}

/** The one before the latest is kept for its logs; those before it go. */
function outdated(containers: readonly SeenContainer[]): readonly SeenContainer[] {
  return containers.filter((each) => {
    const last = newest(containers, each.container)
    return last !== undefined && each.attempt < last.attempt - 1
  })
}

const isInit = (pod: Pod, name: string): boolean =>
  (pod.spec.initContainers ?? []).some((init) => init.name === name)

/** Where the machine has forgotten the container, the API still knows how often it was started. */
function firstAttempt(pod: Pod, name: string): number {
  const before = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ].find((status) => status.name === name)
  return before?.containerID === undefined ? 0 : before.restartCount + 1
}

/** A sandbox is made anew when all in it start anew: its number need only be one that was not used. */
const nextAttempt = (pod: Pod, containers: readonly SeenContainer[]): number =>
  Math.max(
    0,
    ...pod.spec.containers.map((each) => (newest(containers, each.name)?.attempt ?? -1) + 1),
  )

const stopping = (seen: SeenContainer): Step => ({ type: 'StopContainer', seen })
const removal = (seen: SeenContainer): Step => ({ type: 'RemoveContainer', seen })
