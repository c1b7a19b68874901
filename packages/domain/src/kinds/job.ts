import type { Job } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'

const uidLabel = 'batch.kubernetes.io/controller-uid'

/** The labels of a Job's pods: upstream's, and their older names. */
const uidsOf = ({ metadata: { uid = '' } }: Job) => ({ [uidLabel]: uid, 'controller-uid': uid })
const namesOf = ({ metadata: { name } }: Job) => ({
  'batch.kubernetes.io/job-name': name,
  'job-name': name,
})

/** A Job's selector is its own uid, unless the user sets it (`manualSelector`). */
export const jobRules: KindRules<Job> = {
  countsGeneration: true,
  prepareCreate(job) {
    const { spec } = job
    if (spec.manualSelector) return job
    const { template } = spec
    if (template === undefined) return job
    // A job name set by the user stays, to be validated; the uid cannot be set.
    const labels = { ...namesOf(job), ...template.metadata?.labels, ...uidsOf(job) }
    const matchLabels = { [uidLabel]: job.metadata.uid ?? '' }
    const { labels: given = {} } = job.metadata
    const isPlain = Object.keys(given).length === 0
    return {
      ...job,
      metadata: { ...job.metadata, ...(isPlain && { labels }) },
      spec: {
        ...spec,
        selector: {
          ...spec.selector,
          matchLabels: { ...spec.selector?.matchLabels, ...matchLabels },
        },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    }
  },
}
