import {
  causeOf,
  type Holder,
  type Objects,
  type Reservable,
  refOf,
  reservablesOf,
  reservationStream,
  reserves,
  type StoredObject,
  streamOf,
} from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import { resourceNamed, resources } from '@reckon/kubernetes'
import type { Controller } from '../controller.ts'
import { type Held, type Missing, plan } from './plan.ts'

const everything = 'every reservation'
const lookEveryMs = 60_000

/** Reservations: what lost its object, or never got it, is free again; what an object has is held for it. */
export const reservationController: Controller = {
  name: 'reservation-repair',
  keysOf: () => [],
  allKeys: () => [everything],

  async reconcile(_key, { objects, log, nowMs, writerFor }) {
    for (const { reservable, holder } of objects.reservations.held()) {
      if (isNeeded(objects, holder, reservable)) continue
      const found = await heldSince(log, reservable, holder)
      if (found === undefined) continue
      const writer = writerFor(found)
      for (const step of plan([found.held], [], nowMs)) {
        if (step.type === 'Release') await writer.release(step.held)
      }
    }
    for (const { stored, missing } of unheld(objects)) {
      const writer = writerFor(stored)
      for (const step of plan([], missing, nowMs)) {
        if (step.type === 'Reserve') await writer.reserve(step.missing)
      }
    }
    return nowMs + lookEveryMs
  },
}

/** Whether the holder is there and still has the value. */
function isNeeded(objects: Objects, holder: Holder, reservable: Reservable): boolean {
  const ref = refOf(holder.stream)
  const resource = ref && resourceNamed(ref.resourceId)
  const object = resource && objects.get(resource, ref.namespace, ref.name)?.object
  if (object?.metadata.uid !== holder.uid || !resource) return false
  const stream = reservationStream(reservable)
  return reservablesOf(resource, object).some((each) => reservationStream(each) === stream)
}

/** Since when the value is held, and by which event. */
async function heldSince(log: EventLog, reservable: Reservable, holder: Holder) {
  const [event] = await Array.fromAsync(
    log.readStream(reservationStream(reservable), { direction: 'backwards', limit: 1 }),
  )
  const time = event?.metadata?.time
  if (event === undefined || time === undefined) return undefined
  const held: Held = { reservable, holder, sinceMs: Date.parse(time), isNeeded: false }
  return { held, intent: causeOf(event), last: causeOf(event) }
}

/** What objects have and nobody holds. */
function unheld(objects: Objects): { stored: StoredObject; missing: Missing[] }[] {
  return resources.filter(reserves).flatMap((resource) =>
    objects.list(resource).map((stored) => {
      const { namespace, name, uid = '' } = stored.object.metadata
      const holder = { stream: streamOf(resource, namespace, name), uid }
      const missing = reservablesOf(resource, stored.object)
        .filter((each) => objects.reservations.of(each)?.holder === undefined)
        .map((reservable) => ({ reservable, holder }))
      return { stored, missing }
    }),
  )
}
