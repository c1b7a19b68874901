import { type Objects, objectFold, type StoredObject, streamOf } from '@reckon/domain'
import { type EventLog, readFolded, revisionAt } from '@reckon/eventing'
import type { Resource } from '@reckon/kubernetes'

/** An object's name, and the position at which it is wanted. */
export type PastObject = { resource: Resource; namespace: string; name: string; position: bigint }

/**
 * One object as of a position that the view has reached. It is read from the object's own stream, in a few reads
 * however long the history is.
 */
export async function objectAt(
  { log, objects }: { log: EventLog; objects: Objects },
  { resource, namespace, name, position }: PastObject,
): Promise<StoredObject | undefined> {
  const present = objects.get(resource, namespace, name)
  if (present !== undefined && present.position <= position) return present
  const stream = streamOf(resource, namespace, name)
  const from = await revisionAt(log, stream, { position, newest: present })
  if (from === undefined) return undefined
  const fold = objectFold(resource, (event) => objects.keys.open(event))
  return (await readFolded(log, stream, fold, { from }))?.state
}
