import { configMaps, namespaces } from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { namespaceOf, namespacesOf } from '../namespace/each-namespace.ts'
import { plan, rootCaName } from './plan.ts'

/** Keeps the cluster's CA certificate (PEM) in a ConfigMap of every namespace. */
export const rootCaController = (rootCa: string): Controller => ({
  name: 'root-ca-cert-publisher',

  keysOf: (change) => namespaceOf(change, { resource: configMaps, name: rootCaName }),

  allKeys: namespacesOf,

  async reconcile(name, { objects, writerFor }) {
    const stored = objects.get(namespaces, '', name)
    if (stored === undefined) return undefined
    const current = objects.get(configMaps, name, rootCaName)
    const steps = planFor(stored.object, () => plan(stored.object, current?.object, rootCa))
    const writer = writerFor(stored)
    await eachStep(steps, (step) =>
      step.type === 'CreateConfigMap'
        ? writer.create(step.configMap)
        : writer.change(step.current, ({ binaryData: _, ...kept }) => ({
            ...kept,
            data: step.data,
          })),
    )
    return undefined
  },
})
