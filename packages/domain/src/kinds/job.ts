import type { Job } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'

const uidLabel = 'batch.kubernetes.io/controller-uid'

/** The labels by which a Job's pods are known, upstream's and their older names. */
const uidsOf = ({ metadata: { uid = '' } }: Job) => ({ [uidLabel]: uid, 'controller-uid': uid })
const namesOf = ({ metadata: { name } }: Job) => ({
  'batch.kubernetes.io/job-name': name,
  'job-name': name,
})

/** A Job's selector is its own uid, unless who creates it cares for that himself. */
export const jobRules: KindRules<Job> = {
  countsGeneration: true,
  prepareCreate(job) {
    const { spec } = job
    if (spec.manualSelector) return job
    const { template } = spec
    if (template === undefined) return job
    // What somebody says of the name himself stays, for validation to see; the uid is nobody's to say.
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
