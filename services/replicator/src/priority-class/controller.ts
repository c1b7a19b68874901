import { attempt } from '@reckon/eventing'
import { namespaces, priorityClasses } from '@reckon/kubernetes'
import type { Controller } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { plan } from './plan.ts'

const everything = 'the system’s priority classes'

/** Maintains the built-in priority classes: creates them once the cluster is founded; they cannot be deleted. */
export const priorityClassController: Controller = {
  name: 'priority-class-controller',

  keysOf: ({ type, resource }) => (resource === namespaces && type === 'ADDED' ? [everything] : []),

  allKeys: () => [everything],

  async reconcile(key, { objects, writerFor }) {
    const { cluster } = objects
    if (cluster === undefined) return undefined
    const founding = { id: cluster.founded, correlationId: cluster.founded }
    const present = objects.list(priorityClasses).map(({ object }) => object)
    const steps = attempt(key, () => plan(present))
    const writer = writerFor({ intent: founding, last: founding })
    await eachStep(steps, (step) => writer.create(step.priorityClass))
    return undefined
  },
}
