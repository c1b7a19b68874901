import { causeOf, type Holder, type Objects, refOf, reservationStream } from '@reckon/domain'
import type { Controller } from '../controller.ts'
import { type Held, plan } from './plan.ts'

const everything = 'every reservation'
const lookEveryMs = 60_000

/** Reservations: what lost its object, or never got it, is free again. */
export const reservationController: Controller = {
  name: 'reservation-repair',
  keysOf: () => [],
  allKeys: () => [everything],

  async reconcile(_key, { objects, log, nowMs, writerFor }) {
    for (const { reservable, holder } of objects.reservations.held()) {
      if (hasObject(objects, holder)) continue
      const [event] = await Array.fromAsync(
        log.readStream(reservationStream(reservable), { direction: 'backwards', limit: 1 }),
      )
      const time = event?.metadata?.time
      if (event === undefined || time === undefined) continue
      const held: Held = { reservable, holder, sinceMs: Date.parse(time), hasObject: false }
      const writer = writerFor({ intent: causeOf(event), last: causeOf(event) })
      for (const step of plan([held], nowMs)) await writer.release(step.held)
    }
    return nowMs + lookEveryMs
  },
}

function hasObject(objects: Objects, { stream, uid }: Holder): boolean {
  const ref = refOf(stream)
  if (ref === undefined) return false
  return objects.get(ref.resourceId, ref.namespace, ref.name)?.object.metadata.uid === uid
}
