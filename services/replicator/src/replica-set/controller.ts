import { replicaSets } from '@reckon/kubernetes'
import { podOwnerController } from '../ownership/pod-owner-controller.ts'
import { withFailure } from './failure.ts'
import { plan } from './plan.ts'

/** ReplicaSets: keep the wanted number of pods of a template. */
export const replicaSetController = podOwnerController({
  name: 'replicaset-controller',
  owners: replicaSets,
  selectorOf: ({ spec }) => spec.selector,
  plan,
  ignoresOrder: true,
  statusWhenRefused: ({ status }, refusal, nowMs) => withFailure(status, refusal, nowMs),
})
