import {
  endpoints,
  isOf,
  labelMapSelector,
  namesOf,
  objectKey,
  pods,
  services,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { servicesOf } from '../endpoint-slice/controller.ts'
import { isSelecting } from '../endpoint-slice/plan.ts'
import { managedBy, managedByLabel, plan } from './plan.ts'

/**
 * Nothing in Reckon routes by Endpoints, so while many pods change they are written once for all recent changes rather
 * than with each change of a slice. Upstream has an option for that, too (`endpoint-updates-batch-period`).
 */
const betweenMs = 500

/** Endpoints: the content of EndpointSlices, for clients that know only Endpoints. */
export const endpointsController: Controller = {
  name: 'endpoint-controller',

  keysOf(change, objects) {
    const { object } = change.stored
    switch (change.resource) {
      case services:
        return [objectKey(object.metadata)]
      case endpoints: {
        const isOurs = object.metadata.labels?.[managedByLabel] === managedBy
        const isOfService = objects.get(services, ...namesOf(objectKey(object.metadata)))
        return isOurs || isOfService ? [objectKey(object.metadata)] : []
      }
      case pods:
        return servicesOf(change, objects)
      default:
        return []
    }
  },

  allKeys: (objects) => [
    ...new Set(
      [...objects.list(services), ...objects.list(endpoints)].map(({ object }) =>
        objectKey(object.metadata),
      ),
    ),
  ],

  async reconcile(key, { objects, writerFor, lookedAt, rest }) {
    const [namespace, name] = namesOf(key)
    const service = objects.get(services, namespace, name)
    const current = objects.get(endpoints, namespace, name)
    const primary = service ?? current
    if (primary === undefined) return undefined
    const selector = service && isSelecting(service.object) && service.object.spec.selector
    const selected = selector
      ? objects.scan(pods, { namespace, labels: labelMapSelector(selector) })
      : []
    const candidates = Array.from(selected, ({ object }) => object)
    lookedAt(candidates.length)
    rest(betweenMs)
    const steps = planFor(primary.object, () => plan(service?.object, candidates, current?.object))
    const writer = writerFor(primary)
    await eachStep(steps, (step) => {
      if (step.type === 'CreateEndpoints') return writer.create(step.endpoints)
      if (step.type === 'DeleteEndpoints') return writer.delete(step.current)
      const { labels = {}, annotations } = step.wanted.metadata
      return writer.change(step.current, (now) => {
        if (!isOf(endpoints, now)) return now
        const { subsets: _, ...rest } = now
        const { annotations: __, ...metadata } = now.metadata
        return {
          ...rest,
          metadata: { ...metadata, labels, ...(annotations && { annotations }) },
          ...(step.wanted.subsets && { subsets: step.wanted.subsets }),
        }
      })
    })
    return undefined
  },
}
