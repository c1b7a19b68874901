import {
  type Container,
  type ContainerState,
  type ContainerStatus,
  containerStatusesOf,
  type Pod,
  type PodStatus,
  secondsOf,
} from '@reckon/kubernetes'
import { sandboxName } from '../runtime/runtime.ts'
import { retryAtMs } from './back-off.ts'
import { newest, type PodMemory, restarts } from './sync.ts'
import { saidOf } from './trouble.ts'
import type { KnownContainer } from './with-forgotten.ts'

/** The inputs of a container's status. */
export type ObservedContainer = {
  pod: Pod
  /** Including ended containers that the engine no longer has. */
  seen: readonly KnownContainer[]
  /** The last reported status. */
  previous: PodStatus | undefined
  memory: PodMemory
  /** `docker`: the scheme of container ids. */
  runtimeName: string
  nowMs: number
}

/** The status of a container; `waitingReason` is for one of which nothing is known yet. */
export function containerStatusOf(
  container: Container,
  waitingReason: string,
  observed: ObservedContainer,
): ContainerStatus {
  const last = newest(observed.seen, container.name)
  const before = previousOf(observed.previous, container.name)
  const state = stateOf(container, last, waitingReason, observed)
  const running = last?.state === 'Running' ? last : undefined
  const health = running && healthOf(container, running, observed)
  const containerID = last ? `${observed.runtimeName}://${last.id}` : before?.containerID
  const ended = lastStateOf(container, last, state, observed) ?? before?.lastState
  return {
    name: container.name,
    image: last?.image ?? container.image ?? '',
    imageID: last?.imageId ?? '',
    ...(containerID === undefined ? {} : { containerID }),
    ready: readiness(container, last, health, observed.pod),
    started: health?.started ?? false,
    restartCount: last?.attempt ?? before?.restartCount ?? 0,
    state,
    ...(ended === undefined ? {} : { lastState: ended }),
  }
}

function stateOf(
  container: Container,
  last: KnownContainer | undefined,
  waitingReason: string,
  observed: ObservedContainer,
): ContainerState {
  if (last?.state === 'Running') return { running: { startedAt: secondsOf(last.startedAtMs ?? 0) } }
  const trouble = observed.memory.troubles.get(container.name)
  if (trouble !== undefined) {
    const { reason, message } = saidOf(trouble, observed.nowMs)
    return { waiting: { reason, message } }
  }
  if (last?.state !== 'Exited') {
    // What was reported before the agent restarted holds until something newer is known.
    const before = previousOf(observed.previous, container.name)?.state?.waiting
    const sandbox = observed.memory.troubles.get(sandboxName)
    const fresh = { reason: waitingReason, ...(sandbox && { message: sandbox.message }) }
    return { waiting: before?.reason === waitingReason ? fresh : (before ?? fresh) }
  }
  if (
    !restarts(observed.pod, container, last) ||
    observed.pod.metadata.deletionTimestamp !== undefined
  ) {
    return terminated(last, observed)
  }
  const failedAtMs = last.finishedAtMs ?? observed.nowMs
  const retryMs = retryAtMs(observed.memory.backOffs.get(container.name), failedAtMs)
  // Reported until the next attempt really runs.
  if (retryMs > failedAtMs)
    return { waiting: crashLoop(container, observed.pod, retryMs - failedAtMs) }
  if (last.startError !== undefined) {
    return { waiting: { reason: 'RunContainerError', message: last.startError } }
  }
  return terminated(last, observed)
}

function crashLoop(container: Container, pod: Pod, delayMs: number) {
  const { name, namespace, uid } = pod.metadata
  const delay =
    delayMs < 60_000
      ? `${delayMs / 1000}s`
      : `${Math.floor(delayMs / 60_000)}m${(delayMs % 60_000) / 1000}s`
  return {
    reason: 'CrashLoopBackOff',
    message: `back-off ${delay} restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`,
  }
}

/** How the previous attempt ended; while the next one is awaited, how the current one did. */
function lastStateOf(
  container: Container,
  last: KnownContainer | undefined,
  state: ContainerState,
  observed: ObservedContainer,
): ContainerState | undefined {
  if (last === undefined) return undefined
  if (last.state === 'Exited' && state.waiting !== undefined) return terminated(last, observed)
  const before = newest(
    observed.seen.filter((each) => each.attempt < last.attempt),
    container.name,
  )
  return before?.state === 'Exited' ? terminated(before, observed) : undefined
}

function terminated(
  seen: KnownContainer,
  { runtimeName, memory }: ObservedContainer,
): ContainerState {
  if (seen.told) return { terminated: seen.told }
  const message = seen.startError ?? memory.messages.get(seen.id)
  return {
    terminated: {
      exitCode: seen.exitCode,
      reason: reasonOf(seen),
      ...(message ? { message } : {}),
      startedAt: secondsOf(seen.startedAtMs ?? 0),
      finishedAt: secondsOf(seen.finishedAtMs ?? 0),
      containerID: `${runtimeName}://${seen.id}`,
    },
  }
}

function reasonOf(seen: KnownContainer): string {
  if (seen.startError !== undefined) return 'StartError'
  // The engine also sets the flag when only a child process was killed.
  if (seen.outOfMemory && seen.exitCode === 137) return 'OOMKilled'
  return seen.exitCode === 0 ? 'Completed' : 'Error'
}

/**
 * Until a probe has answered, the last report about this very container holds, so that restarting the agent makes no
 * pod unready. For a new container, a startup probe means not started, and a readiness probe not ready.
 */
function healthOf(container: Container, running: KnownContainer, observed: ObservedContainer) {
  const result = observed.memory.probes.get(running.id)
  const recorded = previousOf(observed.previous, container.name)
  const same =
    recorded?.containerID === `${observed.runtimeName}://${running.id}` ? recorded : undefined
  const started = result?.started ?? same?.started ?? container.startupProbe === undefined
  const ready = result?.ready ?? same?.ready ?? container.readinessProbe === undefined
  return { started, ready: started && ready }
}

function readiness(
  container: Container,
  last: KnownContainer | undefined,
  health: { started: boolean; ready: boolean } | undefined,
  pod: Pod,
): boolean {
  const init = (pod.spec.initContainers ?? []).some((each) => each.name === container.name)
  if (!init || container.restartPolicy === 'Always') return health?.ready ?? false
  return last?.state === 'Exited' && last.exitCode === 0
}

const previousOf = (status: PodStatus | undefined, name: string): ContainerStatus | undefined =>
  containerStatusesOf(status).find((each) => each.name === name)
