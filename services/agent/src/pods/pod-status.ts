import {
  type ContainerStatus,
  isFinished,
  type Pod,
  type PodCondition,
  type PodStatus,
  secondsOf,
} from '@reckon/kubernetes'
import { type SeenContainer, sandboxName } from '../runtime/runtime.ts'
import { containerStatusOf, type ObservedContainer } from './container-status.ts'
import { deadlineExceeded, deadlineOf } from './deadline.ts'
import { withForgotten } from './with-forgotten.ts'

/** The inputs of a pod's status. */
export type ObservedPod = Omit<ObservedContainer, 'seen'> & {
  seen: readonly SeenContainer[]
  hostIP: string
}

type KnownPod = ObservedContainer & Pick<ObservedPod, 'hostIP'>

/** The status of a pod, as a kubelet computes it. Pure: equal inputs give equal statuses. */
export function podStatusOf(everything: ObservedPod): PodStatus {
  // A container that is created but not started yet changes nothing for observers.
  const { hooked } = everything.memory
  const looked = everything.seen.filter(({ state, container }) => {
    return state !== 'Created' && !(state === 'Running' && hooked.has(container))
  })
  const { pod, hostIP, nowMs } = everything
  const previous = everything.previous ?? pod.status
  const observed = { ...everything, previous, seen: withForgotten(looked, previous) }
  const inits = pod.spec.initContainers ?? []
  const initStatuses = inits.map((each) => containerStatusOf(each, 'PodInitializing', observed))
  const waiting = inits.length > 0 ? 'PodInitializing' : 'ContainerCreating'
  const statuses = pod.spec.containers
    .map((each) => containerStatusOf(each, waiting, observed))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const ephemeral = (pod.spec.ephemeralContainers ?? []).map((each) =>
    containerStatusOf(each, 'ContainerCreating', observed),
  )
  const isInitialized = inits.every((init, i) => isDone(initStatuses[i], init.restartPolicy))
  const ending = endingOf(observed)
  const phase = ending?.phase ?? phaseOf(pod, initStatuses, statuses, isInitialized)
  const podIP = addressOf(observed)
  return {
    ...ending,
    phase,
    conditions: conditionsOf(observed, { phase, statuses, initStatuses, isInitialized }),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    startTime: previous?.startTime ?? secondsOf(nowMs),
    ...(initStatuses.length === 0 ? {} : { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral }),
    ...(previous?.qosClass === undefined ? {} : { qosClass: previous.qosClass }),
  }
}

/**
 * How the pod has ended, regardless of its containers: as reported before, or because it was evicted or exceeded its
 * deadline and nothing of it runs.
 */
function endingOf({ pod, seen, previous, nowMs, memory }: KnownPod) {
  const { phase = '', reason, message } = pod.status ?? {}
  if (isFinished({ phase }))
    return { phase, ...(reason && { reason }), ...(message && { message }) }
  const deadlineMs = deadlineOf(pod, previous)
  const isRunning = seen.some(
    ({ container, state }) => container !== sandboxName && state === 'Running',
  )
  const isLate = deadlineMs !== undefined && nowMs >= deadlineMs
  const why = memory.eviction?.rejection ?? (isLate ? deadlineExceeded : undefined)
  return why === undefined || isRunning ? undefined : { phase: 'Failed', ...why }
}

function addressOf({ pod, seen, previous, hostIP }: KnownPod): string | undefined {
  const sandbox = seen.find((each) => each.container === sandboxName && each.state === 'Running')
  // Reported together with the first container, because on its own it would cost a report for each
  // pod.
  if (seen.every((each) => each.container === sandboxName)) return previous?.podIP
  if (sandbox !== undefined && pod.spec.hostNetwork === true) return hostIP
  return sandbox?.ip ?? previous?.podIP
}

const isDone = (status: ContainerStatus | undefined, restartPolicy: string | undefined): boolean =>
  restartPolicy === 'Always'
    ? status?.started === true || status?.state?.terminated !== undefined
    : status?.state?.terminated?.exitCode === 0

/** As `getPhase` of the kubelet decides. */
function phaseOf(
  pod: Pod,
  initStatuses: readonly ContainerStatus[],
  statuses: readonly ContainerStatus[],
  isInitialized: boolean,
): string {
  const policy = pod.spec.restartPolicy ?? 'Always'
  const everStarted = statuses.some((each) => each.state?.waiting === undefined || each.lastState)
  if (!isInitialized && !everStarted) {
    const broken = initStatuses.some((each) => (each.state?.terminated?.exitCode ?? 0) !== 0)
    return broken && policy === 'Never' ? 'Failed' : 'Pending'
  }
  const isPending = (each: ContainerStatus) =>
    each.state?.waiting !== undefined && each.lastState?.terminated === undefined
  if (statuses.some(isPending)) return 'Pending'
  if (statuses.some((each) => each.state?.running !== undefined)) return 'Running'
  const isTerminating = pod.metadata.deletionTimestamp !== undefined
  if (policy === 'Always' && !isTerminating) return 'Running'
  const succeeded = statuses.every((each) => exitCodeOf(each) === 0)
  if (succeeded) return 'Succeeded'
  return policy === 'Never' || isTerminating ? 'Failed' : 'Running'
}

const exitCodeOf = (status: ContainerStatus): number | undefined =>
  (status.state?.terminated ?? status.lastState?.terminated)?.exitCode

type Findings = {
  phase: string
  statuses: readonly ContainerStatus[]
  initStatuses: readonly ContainerStatus[]
  isInitialized: boolean
}

function conditionsOf(observed: KnownPod, findings: Findings): PodCondition[] {
  const { pod, previous } = observed
  const isOver = isFinished(findings)
  const complete = isOver
    ? { reason: findings.phase === 'Failed' ? 'PodFailed' : 'PodCompleted' }
    : undefined
  const unready = findings.statuses.filter((each) => !each.ready).map((each) => each.name)
  const uninitialized = findings.initStatuses.filter((each) => !each.ready).map((each) => each.name)
  const containersReady =
    complete ??
    (unready.length > 0
      ? {
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${unready.join(' ')}]`,
        }
      : undefined)
  const gates = (pod.spec.readinessGates ?? []).map((gate) => gate.conditionType)
  const closed = gates.filter((gate) => conditionOf(pod.status, gate)?.status !== 'True')
  const ready =
    containersReady ??
    (closed.length > 0
      ? {
          reason: 'ReadinessGatesNotReady',
          message: closed
            .map((gate) => `the status of pod readiness gate "${gate}" is not "True", but False`)
            .join(', '),
        }
      : undefined)
  const initialized = findings.isInitialized
    ? undefined
    : {
        reason: 'ContainersNotInitialized',
        message: `containers with incomplete status: [${uninitialized.join(' ')}]`,
      }
  const own = [
    condition(readyToStart, isReadyToStart(observed, findings) ? undefined : {}, observed),
    condition('PodScheduled', undefined, observed),
    condition('Initialized', initialized, observed),
    condition('Ready', ready, observed),
    condition('ContainersReady', containersReady, observed),
    ...disruptionOf(observed),
  ]
  // Conditions that others wrote stay.
  const known = new Set(own.map((each) => each.type))
  const others = (pod.status?.conditions ?? previous?.conditions ?? []).filter(
    (each) => !known.has(each.type),
  )
  return [...own, ...others]
}

const readyToStart = 'PodReadyToStartContainers'

/** Whether the pod has its network; like its address, reported together with the first container. */
function isReadyToStart({ seen, previous }: KnownPod, findings: Findings): boolean {
  if (isFinished(findings)) return false
  if (seen.every(({ container }) => container === sandboxName)) {
    return conditionOf(previous, readyToStart)?.status === 'True'
  }
  return seen.some(({ container, state }) => container === sandboxName && state === 'Running')
}

/** Tells controllers that the pod itself is not to blame. */
function disruptionOf({ memory, previous, nowMs }: KnownPod): readonly PodCondition[] {
  if (!memory.eviction?.isDisruption) return []
  const known = conditionOf(previous, 'DisruptionTarget')
  if (known !== undefined) return [known]
  const reason = { reason: 'TerminationByKubelet', message: memory.eviction.rejection.message }
  const lastTransitionTime = secondsOf(nowMs)
  return [{ type: 'DisruptionTarget', status: 'True', lastTransitionTime, ...reason }]
}

/** A condition; its time changes only with its status. */
function condition(
  type: string,
  against: { reason?: string; message?: string } | undefined,
  { pod, previous, nowMs }: KnownPod,
): PodCondition {
  const status = against === undefined ? 'True' : 'False'
  const before = conditionOf(previous, type) ?? conditionOf(pod.status, type)
  const lastTransitionTime =
    before?.status === status && before.lastTransitionTime
      ? before.lastTransitionTime
      : secondsOf(nowMs)
  return { type, status, lastTransitionTime, ...against }
}

const conditionOf = (status: PodStatus | undefined, type: string): PodCondition | undefined =>
  status?.conditions?.find((each) => each.type === type)
