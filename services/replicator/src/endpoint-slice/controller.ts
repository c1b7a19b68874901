import type { ObjectChange, Objects } from '@reckon/domain'
import {
  conditionOf,
  controllerOf,
  type EndpointSlice,
  endpointSlices,
  holds,
  isDeepEqual,
  labelMapSelector,
  namesOf,
  objectKey,
  type Pod,
  pods,
  type Service,
  serviceNameLabel,
  services,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import type { Writer } from '../writer.ts'
import { isSelecting, managedBy, managedByLabel, plan, type Step } from './plan.ts'

/** EndpointSlices: the addresses of each Service's pods. */
export const endpointSliceController: Controller = {
  name: 'endpointslice-controller',

  keysOf(change, objects) {
    const { type, resource, stored } = change
    const { object } = stored
    switch (resource) {
      case services:
        return type === 'DELETED' ? [] : [objectKey(object.metadata)]
      case endpointSlices: {
        const labels = object.metadata.labels ?? {}
        if (labels[managedByLabel] !== managedBy) return []
        return [`${object.metadata.namespace}/${labels[serviceNameLabel]}`]
      }
      case pods:
        return servicesOf(change, objects)
      default:
        return []
    }
  },

  allKeys: (objects) => objects.list(services).map(({ object }) => objectKey(object.metadata)),

  async reconcile(key, { objects, writerFor, lookedAt }) {
    const [namespace, name] = namesOf(key)
    const stored = objects.get(services, namespace, name)
    if (stored === undefined || !isSelecting(stored.object)) return undefined
    const labels = labelMapSelector(stored.object.spec.selector)
    const selected = objects.scan(pods, { namespace, labels })
    const candidates = Array.from(selected, ({ object }) => object)
    lookedAt(candidates.length)
    const slices = slicesOf(stored.object, objects)
    const steps = planFor(stored.object, () => plan(stored.object, candidates, slices))
    await carryOutSlices(steps, writerFor(stored))
    return undefined
  },
}

/**
 * The Service's own slices, and orphans of an earlier Service of its name: these stay in use until they are replaced.
 */
function slicesOf({ metadata }: Service, objects: Objects): EndpointSlice[] {
  const { namespace = '', name, uid } = metadata
  const labels = labelMapSelector({ [managedByLabel]: managedBy, [serviceNameLabel]: name })
  return Array.from(
    objects.scan<EndpointSlice>(endpointSlices, { namespace, labels }),
    ({ object }) => object,
  )
    .filter((slice) => (controllerOf(slice)?.uid ?? uid) === uid)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
}

/** Carries out a plan: additions before removals, so that no endpoint is missing in between. */
export async function carryOutSlices(steps: readonly Step[], writer: Writer): Promise<void> {
  const carryOut = (step: Step) => {
    if (step.type === 'CreateSlice') return writer.create(step.slice)
    if (step.type === 'DeleteSlice') return writer.delete(step.slice)
    return writer.change(step.slice, (current) => withContentOf(step.wanted, current))
  }
  const isEnding = ({ type }: Step) => type === 'DeleteSlice'
  await eachStep(
    steps.filter((step) => !isEnding(step)),
    carryOut,
  )
  await eachStep(steps.filter(isEnding), carryOut)
}

/** The wanted slice with the server-owned metadata of the stored one. */
const withContentOf = (
  wanted: EndpointSlice,
  current: { metadata: EndpointSlice['metadata'] },
) => ({
  ...wanted,
  metadata: {
    ...current.metadata,
    labels: wanted.metadata.labels ?? {},
    ownerReferences: wanted.metadata.ownerReferences ?? [],
  },
})

/** The Services that select the pod, or did before, if an endpoint is affected by the change. */
export function servicesOf({ stored, before }: ObjectChange, objects: Objects): string[] {
  if (!holds(pods, stored)) return []
  const after = stored.object
  const earlier = before && holds(pods, before) ? before.object : undefined
  const isMoved = !isDeepEqual(after.metadata.labels, earlier?.metadata.labels)
  if (stored !== before && earlier && isDeepEqual(shown(after), shown(earlier)) && !isMoved)
    return []
  const selecting = [after, ...(isMoved && earlier ? [earlier] : [])].flatMap((pod) =>
    objects.selecting(services, pod),
  )
  return [...new Set(selecting)].map(({ object }) => objectKey(object.metadata))
}

const shown = ({ metadata, spec, status }: Pod) => [
  status?.podIP,
  status?.phase,
  conditionOf(status, 'Ready')?.status,
  metadata.deletionTimestamp === undefined,
  spec.nodeName,
]
