import { isTerminating, type Job, jobs } from '@reckon/kubernetes'
import { involved } from '../note.ts'
import type { ObjectChange } from '../views/objects.ts'
import { beforeOf } from './before-of.ts'
import type { Fact } from './fact.ts'
import { ownerOf } from './owner-of.ts'

const cronJobController = 'cronjob-controller'

/** Events for a change of a Job, about itself and the CronJob that made it. Pure. */
export function jobFacts(change: ObjectChange, job: Job): readonly Fact[] {
  const { type, event } = change
  const before = beforeOf(jobs, change)
  if (type === 'ADDED')
    return ofCronJob(job, 'SuccessfulCreate', `Created job ${job.metadata.name}`)
  const endsNow = (type === 'DELETED' || isTerminating(job)) && !(before && isTerminating(before))
  if (endsNow) {
    const isControllers = event.metadata?.actor.user === `system:controller:${cronJobController}`
    if (!isControllers) return []
    return ofCronJob(job, 'SuccessfulDelete', `Deleted job ${job.metadata.name}`)
  }
  const was = new Map(before?.status?.conditions?.map((each) => [each.type, each.status]))
  const news = (job.status?.conditions ?? []).filter((each) => was.get(each.type) !== each.status)
  return news.flatMap((condition) => conditionFacts(job, condition))
}

type Condition = NonNullable<NonNullable<Job['status']>['conditions']>[number]

function conditionFacts(job: Job, { type, status, reason = '', message = '' }: Condition): Fact[] {
  const about = { involvedObject: involved(job), source: { component: 'job-controller' } }
  const completed = `Saw completed job: ${job.metadata.name}, condition: ${type}`
  switch (`${type} ${status}`) {
    case 'Suspended True':
      return [{ ...about, type: 'Normal', reason: 'Suspended', message: 'Job suspended' }]
    case 'Suspended False':
      return [{ ...about, type: 'Normal', reason: 'Resumed', message: 'Job resumed' }]
    case 'Complete True':
      return [
        { ...about, type: 'Normal', reason: 'Completed', message: 'Job completed' },
        ...ofCronJob(job, 'SawCompletedJob', completed),
      ]
    case 'Failed True':
      return [
        { ...about, type: 'Warning', reason, message },
        ...ofCronJob(job, 'SawCompletedJob', completed),
      ]
    default:
      return []
  }
}

function ofCronJob(job: Job, reason: string, message: string): Fact[] {
  const cronJob = ownerOf(job)
  if (cronJob?.kind !== 'CronJob') return []
  const source = { component: cronJobController }
  return [{ involvedObject: cronJob, type: 'Normal', reason, message, source }]
}
