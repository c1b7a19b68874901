import { type Objects, type Range, type StoredObject, streamsOf } from '@reckon/domain'
import { type Resource, ResourceTable } from '@reckon/kubernetes'
import { isEvents, type ObjectsView } from '../history/shown-objects.ts'
import { foldEvents } from './fold-events.ts'
import { foldPast, type Sources } from './fold-past.ts'

/** Which objects to read: those of one resource in a range, as they were at a position of the log. */
export type PastRange = { resource: Resource; range: Range; position: bigint }

/** Reads lists of objects as they were. */
export interface PastFolds {
  /** Yields objects in list order, in batches. Throws once the signal aborts, when nobody waits for the rest. */
  scan(past: PastRange, signal: AbortSignal): AsyncIterable<readonly StoredObject[]>
}

/** How many objects are yielded at a time; other requests are served between batches. */
const batchObjects = 100

/** Folds the log of the view in this thread. */
export function foldsHere(objects: Objects, sources: Sources): PastFolds {
  return {
    async *scan(past, signal) {
      const view = await viewOf(objects, sources, { past, signal })
      let batch: StoredObject[] = []
      for (const stored of view.scan(past.resource, past.range)) {
        batch.push(stored)
        if (batch.length < batchObjects) continue
        yield batch
        batch = []
      }
      yield batch
    },
  }
}

/** A view that holds at least the wanted objects at that position. */
async function viewOf(
  objects: Objects,
  sources: Sources,
  { past: { resource, range, position }, signal }: { past: PastRange; signal: AbortSignal },
): Promise<Pick<ObjectsView, 'scan'>> {
  const { namespace } = range
  if (isEvents(resource)) return foldEvents(objects, sources, { namespace, position, signal })
  const folded = objects.beginning(new ResourceTable([resource]))
  const streams = { prefixes: [streamsOf(resource, namespace)], position }
  await foldPast(folded, sources, { streams, signal })
  return folded
}
