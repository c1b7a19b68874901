import type { StoredObject } from '@reckon/domain'
import { events, objectKey, type Resource } from '@reckon/kubernetes'
import type { Past } from '../past/past.ts'
import { isEvents } from './shown-objects.ts'

/** Reads objects of a moment one by one. */
export type ObjectsAt = (
  resource: Resource,
  namespace: string,
  name: string,
) => Promise<StoredObject | undefined>

type Asked = { position: bigint; namespace: string | undefined; signal: AbortSignal }

/**
 * Reads any number of objects of a moment, in one namespace if given: the Events by a single scan, which begins when the first
 * one is asked for. Throws once the signal aborts.
 */
export function objectsAt(past: Past, { position, namespace, signal }: Asked): ObjectsAt {
  const then = past.at(position)
  let scanned: Promise<ReadonlyMap<string, StoredObject>> | undefined
  const scan = async () => {
    const all = await Array.fromAsync(then.scan(events, { namespace }, signal))
    return new Map(all.map((stored) => [objectKey(stored.object.metadata), stored]))
  }
  return async (resource, home, name) => {
    if (!isEvents(resource)) return then.get(resource, home, name, signal)
    scanned ??= scan()
    return (await scanned).get(objectKey({ namespace: home, name }))
  }
}
