import { eventTypes, type HeldKey, type Objects, sealedOf } from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import { destroyKey } from '@reckon/writing'
import type { Context, Controller } from '../controller.ts'
import { type FoundKey, plan } from './plan.ts'

const everything = 'every data key'
const lookEveryMs = 60_000

/**
 * Data keys: what outlived its object, because somebody died between the two, is destroyed. Since when a key is without
 * its object is known for one term only, by the clock of who holds the term.
 */
export class DataKeyController implements Controller {
  readonly name = 'data-key-repair'
  /** By uid, the keys whose object was never made: when that was first seen. */
  #unmadeSinceMs: ReadonlyMap<string, number> = new Map()

  keysOf(): readonly string[] {
    return []
  }

  allKeys(): readonly string[] {
    return [everything]
  }

  async reconcile(_key: string, { objects, log, nowMs }: Context): Promise<number> {
    const unmadeSinceMs = new Map<string, number>()
    for (const held of [...objects.keys.held()]) {
      if (isThere(objects, held)) continue
      const object = await objectIn(log, held)
      const sinceMs = this.#unmadeSinceMs.get(held.uid) ?? nowMs
      if (object === 'NeverMade') unmadeSinceMs.set(held.uid, sinceMs)
      for (const step of plan([{ uid: held.uid, sinceMs, object }], nowMs)) {
        await destroyKey({ log }, step.uid)
      }
    }
    this.#unmadeSinceMs = unmadeSinceMs
    return nowMs + lookEveryMs
  }
}

function isThere(objects: Objects, { stream, uid }: HeldKey): boolean {
  return objects.ofStream(stream)?.object.metadata.uid === uid
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
