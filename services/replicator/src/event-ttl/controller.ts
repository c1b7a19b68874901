import { events, isOf, type KubernetesObject, namesOf, objectKey } from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { plan } from './plan.ts'

/**
 * Deletes Events that clients wrote after an hour. Events computed from the log are not stored, and so not affected.
 */
export const eventTtlController: Controller = {
  name: 'event-ttl-controller',

  keysOf: ({ type, stored: { object } }) =>
    isOf(events, object) && type !== 'DELETED' ? [keyOf(object)] : [],

  allKeys: (objects) => objects.list(events).map(({ object }) => keyOf(object)),

  async reconcile(key, { objects, nowMs, writerFor }) {
    const stored = objects.get(events, ...namesOf(key))
    if (stored === undefined) return undefined
    const untilMs = planFor(stored.object, () => plan(stored.object))
    if (untilMs > nowMs) return untilMs
    await writerFor(stored).delete(stored.object)
    return undefined
  },
}

const keyOf = ({ metadata }: KubernetesObject): string => objectKey(metadata)
