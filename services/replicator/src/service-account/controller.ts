import { defaultAccount } from '@reckon/domain'
import { namespaces, serviceAccounts } from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { namespaceOf, namespacesOf } from '../namespace/each-namespace.ts'
import { plan } from './plan.ts'

/** Keeps the ServiceAccount `default` in every namespace. */
export const serviceAccountController: Controller = {
  name: 'service-account-controller',

  keysOf: (change) => namespaceOf(change, { resource: serviceAccounts, name: defaultAccount }),

  allKeys: namespacesOf,

  async reconcile(name, { objects, writerFor }) {
    const stored = objects.get(namespaces, '', name)
    if (stored === undefined) return undefined
    const account = objects.get(serviceAccounts, name, defaultAccount)
    const steps = planFor(stored.object, () => plan(stored.object, account?.object))
    await eachStep(steps, (step) => writerFor(stored).create(step.account))
    return undefined
  },
}
