import { statefulSets } from '@reckon/kubernetes'
import { podOwnerController } from '../ownership/pod-owner-controller.ts'
import { isClaimOf } from './claims.ts'
import { plan } from './plan.ts'

/** StatefulSets: pods with stable names, created in order or all at once. */
export const statefulSetController = podOwnerController({
  name: 'statefulset-controller',
  owners: statefulSets,
  selectorOf: ({ spec }) => spec.selector,
  plan,
  concerns: isClaimOf,
})
