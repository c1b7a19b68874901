import { jobs } from '@reckon/kubernetes'
import { podOwnerController } from '../ownership/pod-owner-controller.ts'
import { plan } from './plan.ts'

/** Jobs: pods until as many of them have succeeded as are wanted. */
export const jobController = podOwnerController({
  name: 'job-controller',
  owners: jobs,
  selectorOf: ({ spec }) => spec.selector,
  plan,
})
