import {
  type EndpointSlice,
  endpointSlices,
  endpoints,
  labelMapSelector,
  namesOf,
  objectKey,
  serviceNameLabel,
  services,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { carryOutSlices } from '../endpoint-slice/controller.ts'
import { managedByLabel } from '../endpoint-slice/plan.ts'
import { managedBy, plan } from './plan.ts'

/** Mirrors Endpoints that users wrote as EndpointSlices. */
export const endpointSliceMirroringController: Controller = {
  name: 'endpointslicemirroring-controller',

  keysOf({ resource, stored: { object } }) {
    switch (resource) {
      case services:
      case endpoints:
        return [objectKey(object.metadata)]
      case endpointSlices: {
        const { labels = {}, namespace } = object.metadata
        return labels[managedByLabel] === managedBy
          ? [`${namespace}/${labels[serviceNameLabel]}`]
          : []
      }
      default:
        return []
    }
  },

  allKeys: (objects) => objects.list(endpoints).map(({ object }) => objectKey(object.metadata)),

  async reconcile(key, { objects, writerFor }) {
    const [namespace, name] = namesOf(key)
    const service = objects.get(services, namespace, name)
    const written = objects.get(endpoints, namespace, name)
    const labels = labelMapSelector({ [managedByLabel]: managedBy, [serviceNameLabel]: name })
    const found = [...objects.scan<EndpointSlice>(endpointSlices, { namespace, labels })]
    const slices = found.map(({ object }) => object)
    const primary = written ?? service ?? found[0]
    if (primary === undefined) return undefined
    const steps = planFor(primary.object, () => plan(service?.object, written?.object, slices))
    await carryOutSlices(steps, writerFor(primary))
    return undefined
  },
}
