import { hasCondition, isReady } from '../../conditions.ts'
import { ageOf } from '../../human-duration.ts'
import type { ContainerState, ContainerStatus, Pod } from '../../object.ts'
import { isFinished } from '../../pods/pod-end.ts'
import type { Cells, Column } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'

export const podColumns: readonly Column[] = [
  nameColumn,
  { name: 'Ready' },
  { name: 'Status' },
  { name: 'Restarts' },
  ageColumn,
  { name: 'IP', wide: true },
  { name: 'Node', wide: true },
  { name: 'Nominated Node', wide: true },
  { name: 'Readiness Gates', wide: true },
]

type Summary = { ready: number; restarts: number; restartedAt: string; reason: string }

/** A pod's row, by the rules of upstream's `printPod`. */
export function podRow(pod: Pod, now: Date): Cells {
  const { spec, status, metadata } = pod
  const sidecars = (spec.initContainers ?? []).filter(isSidecar)
  const { ready, restarts, restartedAt, reason } = summaryOf(pod)
  const since = restarts > 0 && restartedAt ? ` (${ageOf(restartedAt, now)} ago)` : ''
  return [
    metadata.name,
    `${ready}/${spec.containers.length + sidecars.length}`,
    shownReason(pod, reason),
    `${restarts}${since}`,
    ageOf(metadata.creationTimestamp, now),
    status?.podIPs?.[0]?.ip || status?.podIP || '<none>',
    spec.nodeName || '<none>',
    status?.nominatedNodeName || '<none>',
    readinessGates(pod),
  ]
}

const isSidecar = ({ restartPolicy }: { restartPolicy?: string }) => restartPolicy === 'Always'

function shownReason({ metadata, status }: Pod, reason: string): string {
  if (metadata.deletionTimestamp === undefined) return reason
  if (status?.reason === 'NodeLost') return 'Unknown'
  return isFinished(status) ? reason : 'Terminating'
}

function summaryOf(pod: Pod): Summary {
  const { status } = pod
  const gated = status?.conditions?.some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  )
  const initial = gated ? 'SchedulingGated' : status?.reason || status?.phase || ''
  const { blocked, all, sidecars } = initialization(pod, initial)
  if (blocked && !hasCondition(pod.status, 'Initialized')) return all
  const reason = blocked ? all.reason : initial
  return running(pod, { ...sidecars, ready: all.ready, reason })
}

/** The progress of the init containers, for all of them and for the sidecars among them. */
function initialization({ spec, status }: Pod, initial: string) {
  const all: Summary = { ready: 0, restarts: 0, restartedAt: '', reason: initial }
  const sidecars: Summary = { ...all }
  const containers = spec.initContainers ?? []
  for (const [index, container] of (status?.initContainerStatuses ?? []).entries()) {
    const sidecar = containers.some((other) => other.name === container.name && isSidecar(other))
    countRestarts(all, container)
    if (sidecar) countRestarts(sidecars, container)
    const { terminated } = container.state ?? {}
    if (terminated?.exitCode === 0) continue
    if (sidecar && container.started) {
      if (container.ready) all.ready += 1
      continue
    }
    all.reason = `Init:${initReason(container.state) || `${index}/${containers.length}`}`
    return { blocked: true, all, sidecars }
  }
  return { blocked: false, all, sidecars }
}

function initReason({ terminated, waiting }: ContainerState = {}): string {
  if (terminated) return terminatedReason(terminated)
  return waiting?.reason && waiting.reason !== 'PodInitializing' ? waiting.reason : ''
}

function terminatedReason({ reason, signal, exitCode }: NonNullable<ContainerState['terminated']>) {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)
}

/** The app containers; the state of the first one takes precedence. */
function running(pod: Pod, before: Summary): Summary {
  const summary = { ...before }
  let isRunning = false
  for (const container of (pod.status?.containerStatuses ?? []).toReversed()) {
    countRestarts(summary, container)
    const { waiting, terminated, running: started } = container.state ?? {}
    if (waiting?.reason) summary.reason = waiting.reason
    else if (terminated) summary.reason = terminatedReason(terminated)
    else if (container.ready && started) {
      isRunning = true
      summary.ready += 1
    }
  }
  if (summary.reason === 'Completed' && isRunning) {
    summary.reason = isReady(pod.status) ? 'Running' : 'NotReady'
  }
  return summary
}

function countRestarts(summary: Summary, { restartCount, lastState }: ContainerStatus): void {
  summary.restarts += restartCount
  const finishedAt = lastState?.terminated?.finishedAt ?? ''
  if (finishedAt > summary.restartedAt) summary.restartedAt = finishedAt
}

function readinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  return `${gates.filter(({ conditionType }) => hasCondition(pod.status, conditionType)).length}/${gates.length}`
}
