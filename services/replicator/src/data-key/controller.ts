import { eventTypes, type HeldKey, type Objects, refOf, sealedOf } from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import { destroyKey } from '@reckon/writing'
import type { Controller } from '../controller.ts'
import { type FoundKey, plan } from './plan.ts'

const everything = 'every data key'
const lookEveryMs = 60_000

/** Data keys: what outlived its object, because somebody died between the two, is destroyed. */
export const dataKeyController: Controller = {
  name: 'data-key-repair',
  keysOf: () => [],
  allKeys: () => [everything],

  async reconcile(_key, { objects, log, nowMs }) {
    for (const held of [...objects.keys.held()]) {
      if (isThere(objects, held)) continue
      const object = await objectIn(log, held)
      const found = { uid: held.uid, sinceMs: Date.parse(held.time), object }
      for (const step of plan([found], nowMs)) await destroyKey({ log }, step.uid)
    }
    return nowMs + lookEveryMs
  },
}

function isThere(objects: Objects, { stream, uid }: HeldKey): boolean {
  const ref = refOf(stream)
  if (ref === undefined) return false
  return objects.get(ref.resourceId, ref.namespace, ref.name)?.object.metadata.uid === uid
}

/** What the log itself knows of the key's object: a view that lags behind must not cost anybody a Secret. */
async function objectIn(log: EventLog, { stream, uid }: HeldKey): Promise<FoundKey['object']> {
  let isGone = false
  for await (const event of log.readStream(stream, { direction: 'backwards' })) {
    if (sealedOf(event)?.key === uid && event.type !== eventTypes('Secret').deleted)
      return isGone ? 'Deleted' : 'Present'
    // Whatever ended here, or was made anew after it, is not the newest any more.
    isGone = true
  }
  return 'NeverMade'
}
