import type { ObjectChange, Objects } from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import {
  type EndpointSlice,
  endpointSlices,
  isDeepEqual,
  isOf,
  isReady,
  type KubernetesObject,
  labelMapSelector,
  nodes,
  type Service,
  secondsOf,
  serviceNameLabel,
  services,
} from '@reckon/kubernetes'
import type { Controller } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { excludedLabel, plan } from './plan.ts'

/** One key for all: they share the ports of the machines. */
const everything = 'every balanced Service'

/** Services of type LoadBalancer: reports the addresses of the machines, on which each proxy serves them. */
export const loadBalancerController: Controller = {
  name: 'service-lb-controller',

  keysOf: (change, objects) => (isConcerned(change, objects) ? [everything] : []),

  allKeys: () => [everything],

  async reconcile(key, { objects, nowMs, writerFor }) {
    const all = objects.list(services)
    const machines = objects.list(nodes).map(({ object }) => object)
    const known = new Map(all.map((stored) => [stored.object, stored]))
    const withEndpoints = (service: Service) => nodesWithEndpoints(service, objects)
    const steps = attempt(key, () =>
      plan([...known.keys()], machines, withEndpoints, secondsOf(nowMs)),
    )
    await eachStep(steps, async ({ service, status }) => {
      const stored = known.get(service)
      if (stored) await writerFor(stored).changeStatus(service, status)
    })
    return undefined
  },
}

function isConcerned({ resource, stored, before }: ObjectChange, objects: Objects): boolean {
  const { object } = stored
  if (resource === services) return [object, before?.object].some(isBalanced)
  if (resource === nodes) return !isDeepEqual(shown(object), shown(before?.object))
  if (resource !== endpointSlices) return false
  const { namespace = '', labels = {} } = object.metadata
  const service = objects.get(services, namespace, labels[serviceNameLabel] ?? '')?.object
  return isBalanced(service) && service?.spec.externalTrafficPolicy === 'Local'
}

const isBalanced = (object: KubernetesObject | undefined): boolean =>
  object !== undefined && isOf(services, object) && object.spec.type === 'LoadBalancer'

const shown = (object: KubernetesObject | undefined) =>
  object && isOf(nodes, object)
    ? [object.status?.addresses, isReady(object.status), object.metadata.labels?.[excludedLabel]]
    : undefined

function nodesWithEndpoints({ metadata }: Service, objects: Objects): ReadonlySet<string> {
  const { namespace = '', name } = metadata
  const labels = labelMapSelector({ [serviceNameLabel]: name })
  const slices = objects.scan<EndpointSlice>(endpointSlices, { namespace, labels })
  const endpoints = Array.from(slices, ({ object }) => object.endpoints ?? []).flat()
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false)
  return new Set(ready.flatMap(({ nodeName }) => nodeName || []))
}
