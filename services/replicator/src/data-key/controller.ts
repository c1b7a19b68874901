import { eventTypes, type HeldKey, type Objects, sealedOf } from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import { destroyKey } from '@reckon/writing'
import type { Context, Controller } from '../controller.ts'
import { type FoundKey, plan } from './plan.ts'

const everything = 'every data key'
const lookEveryMs = 60_000

/**
 * Destroys data keys without an object: their writer died between writing the key and the object, or between deleting
 * them. How long a key has been without its object is counted only within one term, by the clock of this instance.
 */
export class DataKeyController implements Controller {
  readonly name = 'data-key-repair'
  /** When the missing object of a key was first noticed, by uid. */
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

/** Reads from the log itself whether the object exists, because a decision on a stale view could cost a Secret. */
async function objectIn(log: EventLog, { stream, uid }: HeldKey): Promise<FoundKey['object']> {
  let isGone = false
  for await (const event of log.readStream(stream, { direction: 'backwards' })) {
    if (sealedOf(event)?.key === uid && event.type !== eventTypes('Secret').deleted)
      return isGone ? 'Deleted' : 'Present'
    // Events later than the one with this key mean that its object has ended, or was replaced.
    isGone = true
  }
  return 'NeverMade'
}
