import type { Container, Job, Pod } from '@reckon/kubernetes'
import { indexAnnotation, indexOf } from '../ownership/completion-index.ts'
import { inFreeSlots } from '../ownership/in-free-slots.ts'
import type { PodEnds } from '../ownership/pod-endings.ts'
import { podOfTemplate } from '../ownership/pod-of-template.ts'
import type { PodPlanContext } from '../ownership/pod-owner-controller.ts'
import { deletionOrder } from '../replica-set/deletion-order.ts'

/** Pods at one time; what is left comes next time. */
const burstMax = 500

/** The running pods that no longer help: too many, or of an index that is done or runs twice. */
export function needlessPods(job: Job, active: readonly Pod[], ends: PodEnds): readonly Pod[] {
  const idle = job.spec.completionMode === 'Indexed' ? idlePods(job, active, ends) : []
  const working = active.filter((pod) => !idle.includes(pod))
  const surplus = working.length - wantedPods(job, working.length, ends)
  return [...idle, ...deletionOrder(working).slice(0, Math.max(0, surplus))]
}

function idlePods({ spec }: Job, active: readonly Pod[], { indexes }: PodEnds): Pod[] {
  const seen = new Set<number>()
  return active.filter((pod) => {
    const index = indexOf(pod)
    if (index === undefined || index >= (spec.completions ?? 0)) return true
    if (indexes.has(index) || seen.has(index)) return true
    seen.add(index)
    return false
  })
}

/** How many pods are to run now. Without a number of completions the first success ends the making of pods. */
function wantedPods({ spec }: Job, active: number, ends: PodEnds): number {
  const { parallelism = 1, completions, completionMode } = spec
  if (completions === undefined) return ends.succeeded > 0 ? active : parallelism
  const done = completionMode === 'Indexed' ? ends.indexes.size : ends.succeeded
  return Math.max(0, Math.min(parallelism, completions - done))
}

/** The pods that are to be made, in the order of their slots. */
export function missingPods(
  job: Job,
  active: readonly Pod[],
  { podEnds, ...slots }: PodPlanContext,
): readonly Pod[] {
  const count = wantedPods(job, active.length, podEnds) - active.length
  const missing = Math.min(Math.max(0, count), burstMax)
  const { template, completionMode } = job.spec
  const wanted =
    completionMode === 'Indexed'
      ? freeIndexes(job, active, podEnds)
          .slice(0, missing)
          .map((index) => indexedPod(job, index))
      : Array.from({ length: missing }, () => podOfTemplate(job, template))
  return inFreeSlots(wanted, slots)
}

/** The indexes at which nobody works and that are not done, the lowest first. */
function freeIndexes({ spec }: Job, active: readonly Pod[], { indexes }: PodEnds): number[] {
  const taken = new Set(active.map(indexOf))
  return Array.from({ length: spec.completions ?? 0 }, (_, index) => index).filter(
    (index) => !indexes.has(index) && !taken.has(index),
  )
}

function indexedPod(job: Job, index: number): Pod {
  const named = `${job.metadata.name}-${index}`
  const pod = podOfTemplate(job, job.spec.template)
  const ordinal = { [indexAnnotation]: String(index) }
  const { initContainers, containers, ...spec } = pod.spec
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: `${named}-`,
      labels: { ...pod.metadata.labels, ...ordinal },
      annotations: { ...pod.metadata.annotations, ...ordinal },
    },
    spec: {
      ...spec,
      hostname: spec.hostname ?? named,
      ...(initContainers && { initContainers: initContainers.map(withIndex) }),
      containers: containers.map(withIndex),
    },
  }
}

/** A container that finds its index where upstream's do. */
const withIndex = (container: Container): Container => {
  const name = 'JOB_COMPLETION_INDEX'
  if (container.env?.some((variable) => variable.name === name)) return container
  const fieldPath = `metadata.annotations['${indexAnnotation}']`
  const variable = { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } }
  return { ...container, env: [...(container.env ?? []), variable] }
}
