import { conditionOf, isTerminating, type Pod, pods, schedulerNameOf } from '@reckon/kubernetes'
import { involved } from '../note.ts'
import { changedIn } from '../object-event.ts'
import type { ObjectChange } from '../views/objects.ts'
import { beforeOf } from './before-of.ts'
import { containerFacts } from './container-facts.ts'
import type { Fact } from './fact.ts'
import { ownerOf } from './owner-of.ts'

/** Events for a change of a pod: its placement, its containers, and its creation or deletion by its owner. Pure. */
export function podFacts(change: ObjectChange, pod: Pod): readonly Fact[] {
  const { type, event } = change
  const before = beforeOf(pods, change)
  const user = event.metadata?.actor.user
  if (type === 'ADDED') return ownerFacts(pod, 'SuccessfulCreate')
  const endsNow = (type === 'DELETED' || isTerminating(pod)) && !(before && isTerminating(before))
  if (endsNow) {
    return [...preempted(event, pod), ...endedBy(user, pod), ...killing(pod)]
  }
  const { imagesFound: found = [] } = changedIn(event)
  return [
    ...placing(event.type, pod),
    ...rejected(pod, before),
    ...containerFacts(pod, before, found),
  ]
}

const components: Readonly<Record<string, string>> = {
  DaemonSet: 'daemonset-controller',
  Job: 'job-controller',
  ReplicaSet: 'replicaset-controller',
  ReplicationController: 'replication-controller',
  StatefulSet: 'statefulset-controller',
}

function endedBy(user: string | undefined, pod: Pod): readonly Fact[] {
  if (user === 'system:controller:taint-eviction-controller') return [evicted(pod)]
  const component = components[ownerOf(pod)?.kind ?? '']
  if (user !== `system:controller:${component}`) return []
  return [...endedDaemonPod(pod), ...ownerFacts(pod, 'SuccessfulDelete')]
}

/** A daemon pod that has ended is replaced, and its DaemonSet says why. */
function endedDaemonPod(pod: Pod): readonly Fact[] {
  const owner = ownerOf(pod)
  if (owner?.kind !== 'DaemonSet') return []
  const { name, namespace } = pod.metadata
  const where = `daemon pod ${namespace}/${name} on node ${pod.spec.nodeName}`
  const about = { involvedObject: owner, source: { component: 'daemonset-controller' } }
  switch (pod.status?.phase) {
    case 'Failed': {
      const message = `Found failed ${where}, will try to kill it`
      return [{ ...about, type: 'Warning', reason: 'FailedDaemonPod', message }]
    }
    case 'Succeeded': {
      const message = `Found succeeded ${where}, will try to delete it`
      return [{ ...about, type: 'Normal', reason: 'SucceededDaemonPod', message }]
    }
    default:
      return []
  }
}

function preempted(event: ObjectChange['event'], pod: Pod): readonly Fact[] {
  const { preemptor } = changedIn(event)
  if (preemptor === undefined) return []
  const message = `Preempted by pod ${preemptor.uid} on node ${preemptor.nodeName}`
  const source = { component: preemptor.schedulerName ?? schedulerNameOf({}) }
  return [{ involvedObject: involved(pod), type: 'Normal', reason: 'Preempted', message, source }]
}

const evicted = (pod: Pod): Fact => ({
  involvedObject: involved(pod),
  type: 'Normal',
  reason: 'TaintManagerEviction',
  message: `Marking for deletion Pod ${pod.metadata.namespace}/${pod.metadata.name}`,
  source: { component: 'taint-eviction-controller' },
})

function ownerFacts(pod: Pod, reason: 'SuccessfulCreate' | 'SuccessfulDelete'): readonly Fact[] {
  const owner = ownerOf(pod)
  const component = components[owner?.kind ?? '']
  if (owner === undefined || component === undefined) return []
  const { name } = pod.metadata
  const isCreated = reason === 'SuccessfulCreate'
  const message =
    owner.kind === 'StatefulSet'
      ? `${isCreated ? 'create' : 'delete'} Pod ${name} in StatefulSet ${owner.name} successful`
      : `${isCreated ? 'Created' : 'Deleted'} pod: ${name}`
  return [{ involvedObject: owner, type: 'Normal', reason, message, source: { component } }]
}

function placing(eventType: string, pod: Pod): readonly Fact[] {
  const { name, namespace } = pod.metadata
  const about = { involvedObject: involved(pod), source: { component: schedulerNameOf(pod.spec) } }
  if (eventType === 'PodScheduled') {
    const message = `Successfully assigned ${namespace}/${name} to ${pod.spec.nodeName}`
    return [{ ...about, type: 'Normal', reason: 'Scheduled', message }]
  }
  if (eventType !== 'PodSchedulingFailed') return []
  const condition = conditionOf(pod.status, 'PodScheduled')
  const message = condition?.message ?? ''
  return [{ ...about, type: 'Warning', reason: 'FailedScheduling', message }]
}

/** Why a node cannot take a pod as a whole. */
function rejected(pod: Pod, before: Pod | undefined): readonly Fact[] {
  const { reason = '', message = '' } = pod.status ?? {}
  if (reason === '' || reason === before?.status?.reason) return []
  return [{ ...ofKubelet(pod), type: 'Warning', reason, message }]
}

function killing(pod: Pod): readonly Fact[] {
  return (pod.status?.containerStatuses ?? []).flatMap(({ name, state }) => {
    if (!state?.running) return []
    const { involvedObject, source } = ofKubelet(pod)
    const fieldPath = `spec.containers{${name}}`
    const message = `Stopping container ${name}`
    const about = { involvedObject: { ...involvedObject, fieldPath }, source }
    return [{ ...about, type: 'Normal' as const, reason: 'Killing', message }]
  })
}

const ofKubelet = (pod: Pod) => ({
  involvedObject: involved(pod),
  source: { component: 'kubelet', host: pod.spec.nodeName ?? '' },
})
