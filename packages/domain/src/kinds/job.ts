import type { Job } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'

/** The labels by which a Job's pods are known, upstream's and their older names. */
const labelsOf = ({ metadata: { name, uid = '' } }: Job) => ({
  'batch.kubernetes.io/controller-uid': uid,
  'batch.kubernetes.io/job-name': name,
  'controller-uid': uid,
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
    const labels = { ...template.metadata?.labels, ...labelsOf(job) }
    const matchLabels = {
      'batch.kubernetes.io/controller-uid': labels['batch.kubernetes.io/controller-uid'],
    }
    return {
      ...job,
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
