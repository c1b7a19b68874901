import type { StoredObject } from '@reckon/domain'
import { events, objectKey, type Resource, resourceId } from '@reckon/kubernetes'
import type { Past } from '../past/past.ts'

/** Reads objects as of a moment. */
export interface ObjectsAt {
  get(resource: Resource, namespace: string, name: string): Promise<StoredObject | undefined>
  /** All objects of a kind, by key. */
  all(resource: Resource): Promise<ReadonlyMap<string, StoredObject>>
}

type ObjectsQuery = {
  position: bigint
  namespace: string | undefined
  /** The kinds of which many objects are needed: they are read by a single scan each, on first use. */
  many?: ReadonlySet<string>
  signal: AbortSignal
}

/** Of one namespace if given; Events are always scanned. Throws once the signal aborts. */
export function objectsAt(
  past: Past,
  { position, namespace, many = new Set(), signal }: ObjectsQuery,
): ObjectsAt {
  const then = past.at(position)
  const scanned = new Map<string, Promise<ReadonlyMap<string, StoredObject>>>()
  const scan = async (resource: Resource) => {
    const found = new Map<string, StoredObject>()
    for await (const stored of then.scan(resource, { namespace }, signal)) {
      found.set(objectKey(stored.object.metadata), stored)
    }
    return found
  }
  const all = (resource: Resource) => {
    const id = resourceId(resource)
    const scanning = scanned.get(id) ?? scan(resource)
    scanned.set(id, scanning)
    return scanning
  }
  return {
    all,
    async get(resource, home, name) {
      const id = resourceId(resource)
      if (id !== resourceId(events) && !many.has(id)) return then.get(resource, home, name, signal)
      return (await all(resource)).get(objectKey({ namespace: home, name }))
    },
  }
}
