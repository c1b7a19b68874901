import { isOf, type Job, jobs, nodes, pods, type ReplicaSet, replicaSets } from '@reckon/kubernetes'
import { involved } from '../note.ts'
import type { ObjectChange } from '../views/objects.ts'
import type { Fact } from './fact.ts'
import { nodeFacts } from './node-facts.ts'
import { ownerOf } from './owner-of.ts'
import { podFacts } from './pod-facts.ts'

/** What a change tells that upstream's components would have told as Events, in their words. Pure. */
export function factsOf(change: ObjectChange): readonly Fact[] {
  const { object } = change.stored
  const before = change.before?.object
  if (isOf(pods, object)) return podFacts(change, object)
  if (isOf(nodes, object)) return nodeFacts(change.event.type, object)
  if (isOf(replicaSets, object)) {
    const was = before && isOf(replicaSets, before) ? (before.spec.replicas ?? 0) : 0
    return change.type === 'DELETED' ? [] : scalingFacts(object, was)
  }
  if (!isOf(jobs, object)) return []
  if (change.type === 'ADDED') return scheduledFacts(object)
  return jobFacts(object, before && isOf(jobs, before) ? before : undefined)
}

function scalingFacts(set: ReplicaSet, was: number): readonly Fact[] {
  const is = set.spec.replicas ?? 0
  const deployment = ownerOf(set)
  if (is === was || deployment?.kind !== 'Deployment') return []
  const direction = is > was ? 'up' : 'down'
  return [
    {
      involvedObject: deployment,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${direction} replica set ${set.metadata.name} from ${was} to ${is}`,
      source: { component: 'deployment-controller' },
    },
  ]
}

function scheduledFacts(job: Job): readonly Fact[] {
  const cronJob = ownerOf(job)
  if (cronJob?.kind !== 'CronJob') return []
  return [
    {
      involvedObject: cronJob,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created job ${job.metadata.name}`,
      source: { component: 'cronjob-controller' },
    },
  ]
}

function jobFacts(job: Job, before: Job | undefined): readonly Fact[] {
  const about = { involvedObject: involved(job), source: { component: 'job-controller' } }
  const was = new Set((before?.status?.conditions ?? []).map(({ type }) => type))
  const conditions = job.status?.conditions ?? []
  return conditions.flatMap(({ type, status, reason = '', message = '' }): Fact[] => {
    if (status !== 'True' || was.has(type)) return []
    if (type === 'Complete') {
      return [{ ...about, type: 'Normal', reason: 'Completed', message: 'Job completed' }]
    }
    return type === 'Failed' ? [{ ...about, type: 'Warning', reason, message }] : []
  })
}
