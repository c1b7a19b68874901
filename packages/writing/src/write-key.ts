import { type Holder, type KeyRing, keyStream, metadataOf, type Origin } from '@reckon/domain'
import { execute, type RecordedEvent } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import type { WritePorts } from './write-ports.ts'

/**
 * Records a data key for an object to be created, and returns a key ring with it. If the process dies before the object
 * is created, the replicator destroys the key.
 */
export async function createKey(
  ports: WritePorts,
  { stream, uid }: Holder,
  origin: Origin,
): Promise<KeyRing> {
  const { clock, ids, known } = ports
  const ring = known.keys.empty()
  const id = ids.next()
  const metadata = metadataOf(origin, id, clock.now())
  const draft = { id, type: 'DataKeyCreated', data: ring.draw(uid, stream), metadata }
  const { event } = await execute<boolean>(ports, keyStream(uid), {
    known: undefined,
    fold: { initial: false, evolve: () => true, isFullState: () => true },
    decide: (isThere) => (isThere ? undefined : draft),
  })
  if (!event) throw new Error(`${keyStream(uid)} was there before its object`)
  ring.apply(event)
  return ring
}

/**
 * Destroys a data key, so that its object can never be decrypted again. While the log is away, the replicator does so
 * later.
 */
export async function destroyKey({ log }: Pick<WritePorts, 'log'>, uid: string): Promise<void> {
  try {
    await log.tombstone(keyStream(uid))
  } catch (error) {
    if (!isRefusal(error, 'ServiceUnavailable') && !isRefusal(error, 'Timeout')) throw error
  }
}

/** A key ring with the key of this object: the view's, or the log's where the view is behind. */
export async function keysFor({ log, known }: WritePorts, uid: string): Promise<KeyRing> {
  if (known.keys.has(uid)) return known.keys
  const ring = known.keys.empty()
  for (const event of await firstOf(log.readStream(keyStream(uid), { limit: 1 }))) ring.apply(event)
  return ring
}

async function firstOf(events: AsyncIterable<RecordedEvent>): Promise<readonly RecordedEvent[]> {
  try {
    return await Array.fromAsync(events)
  } catch (error) {
    if (isRefusal(error, 'Gone')) return []
    throw error
  }
}
