import { jobs } from '@reckon/kubernetes'
import { podOwnerController } from '../ownership/pod-owner-controller.ts'
import { plan } from './plan.ts'

/** Jobs: run pods until enough of them have succeeded. */
export const jobController = podOwnerController({
  name: 'job-controller',
  owners: jobs,
  selectorOf: ({ spec }) => spec.selector,
  plan,
})
