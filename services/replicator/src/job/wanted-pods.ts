import type { Container, Job, Pod } from '@reckon/kubernetes'
import { indexAnnotation, indexOf } from '../ownership/completion-index.ts'
import { inFreeSlots } from '../ownership/in-free-slots.ts'
import type { PodEnds } from '../ownership/pod-endings.ts'
import { podOfTemplate } from '../ownership/pod-of-template.ts'
import type { PodPlanContext } from '../ownership/pod-owner-controller.ts'
import { deletionOrder } from '../replica-set/deletion-order.ts'
import { doneIndexes, failedIndexes } from './indexes.ts'

/** The limit of pods created in one reconciliation; the rest follow in the next. */
const burstMax = 500

/** The running pods to delete: too many, or of an index that is finished or has two pods. */
export function needlessPods(job: Job, active: readonly Pod[], ends: PodEnds): readonly Pod[] {
  const idle = job.spec.completionMode === 'Indexed' ? idlePods(job, active, ends) : []
  const working = active.filter((pod) => !idle.includes(pod))
  const surplus = working.length - wantedPods(job, working.length, ends)
  return [...idle, ...deletionOrder(working).slice(0, Math.max(0, surplus))]
}

function idlePods(job: Job, active: readonly Pod[], ends: PodEnds): Pod[] {
  const { completions = 0 } = job.spec
  const over = new Set([...ends.indexes, ...failedIndexes(job, ends)])
  const seen = new Set<number>()
  return active.filter((pod) => {
    const index = indexOf(pod)
    if (index === undefined || index >= completions) return true
    if (over.has(index) || seen.has(index)) return true
    seen.add(index)
    return false
  })
}

/** How many pods should run now. Without completions, no pod is made after the first success. */
function wantedPods(job: Job, active: number, ends: PodEnds): number {
  const { parallelism = 1, completions, completionMode } = job.spec
  if (completions === undefined) return ends.succeeded > 0 ? active : parallelism
  const done = completionMode === 'Indexed' ? doneIndexes(job, ends).length : ends.succeeded
  const left = completions - done - failedIndexes(job, ends).size
  return Math.max(0, Math.min(parallelism, left))
}

type Situation = {
  active: readonly Pod[]
  /** Terminating pods that are not replaced before they have ended. */
  awaited: readonly Pod[]
  /** When the next pod may be made, at an index or at all, in milliseconds. */
  retryAtMs(index?: number): number | undefined
}

/** The pods to create, in the order of their slots, and until when others have to wait. */
export function missingPods(
  job: Job,
  { active, awaited, retryAtMs }: Situation,
  { podEnds, nowMs, ...slots }: PodPlanContext,
): { pods: readonly Pod[]; againAtMs?: number } {
  const occupied = [...active, ...awaited]
  const count = wantedPods(job, occupied.length, podEnds) - occupied.length
  const missing = Math.min(Math.max(0, count), burstMax)
  const { template, completionMode } = job.spec
  if (missing === 0) return { pods: [] }
  if (completionMode !== 'Indexed') {
    const wanted = Array.from({ length: missing }, () => podOfTemplate(job, template))
    return waiting(retryAtMs(), nowMs) ?? { pods: inFreeSlots(wanted, slots) }
  }
  const indexes = freeIndexes(job, occupied, podEnds)
  const moments = new Map(indexes.map((index) => [index, retryAtMs(index) ?? 0]))
  const ready = indexes.filter((index) => (moments.get(index) ?? 0) <= nowMs).slice(0, missing)
  const later = [...moments.values()].filter((atMs) => atMs > nowMs)
  const wanted = ready.map((index) => indexedPod(job, { index, podEnds }))
  return {
    pods: inFreeSlots(wanted, slots),
    ...(ready.length < missing && later.length > 0 && { againAtMs: Math.min(...later) }),
  }
}

const waiting = (atMs: number | undefined, nowMs: number) =>
  atMs !== undefined && atMs > nowMs ? { pods: [], againAtMs: atMs } : undefined

/** The unfinished indexes without a running pod, lowest first. */
function freeIndexes(job: Job, occupied: readonly Pod[], ends: PodEnds): number[] {
  const taken = new Set([...occupied.map(indexOf), ...ends.indexes, ...failedIndexes(job, ends)])
  return Array.from({ length: job.spec.completions ?? 0 }, (_, index) => index).filter(
    (index) => !taken.has(index),
  )
}

function indexedPod(job: Job, { index, podEnds }: { index: number; podEnds: PodEnds }): Pod {
  const named = `${job.metadata.name}-${index}`
  const pod = podOfTemplate(job, job.spec.template)
  const ordinal = { [indexAnnotation]: String(index) }
  const failures = podEnds.failures.get(index)?.count ?? 0
  const failureCount = job.spec.backoffLimitPerIndex !== undefined && {
    'batch.kubernetes.io/job-index-failure-count': String(failures),
  }
  const { initContainers, containers, ...spec } = pod.spec
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: `${named}-`,
      labels: { ...pod.metadata.labels, ...ordinal },
      annotations: { ...pod.metadata.annotations, ...ordinal, ...failureCount },
    },
    spec: {
      ...spec,
      hostname: spec.hostname ?? named,
      ...(initContainers && { initContainers: initContainers.map(withIndex) }),
      containers: containers.map(withIndex),
    },
  }
}

/** Puts the completion index where upstream's containers find it. */
const withIndex = (container: Container): Container => {
  const name = 'JOB_COMPLETION_INDEX'
  if (container.env?.some((variable) => variable.name === name)) return container
  const fieldPath = `metadata.annotations['${indexAnnotation}']`
  const variable = { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } }
  return { ...container, env: [...(container.env ?? []), variable] }
}
