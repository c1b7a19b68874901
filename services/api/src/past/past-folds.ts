import { type Objects, type Range, type StoredObject, streamsOf } from '@reckon/domain'
import { type Resource, ResourceTable } from '@reckon/kubernetes'
import { isEvents, type ObjectsView } from '../history/shown-objects.ts'
import { foldEvents } from './fold-events.ts'
import { foldPast, type Sources } from './fold-past.ts'

/** The objects of a resource in a range, as they were at a position of the log. */
export type PastRange = { resource: Resource; range: Range; position: bigint }

/** Lists of what was. */
export interface PastFolds {
  /** In the order of lists, some at a time. Ends when the signal aborts: nobody waits for it any more. */
  scan(past: PastRange, signal: AbortSignal): AsyncIterable<readonly StoredObject[]>
}

/** So many objects come at a time: others have their turn in between. */
const batchObjects = 100

/** What the log of the view has had of objects, folded in this thread. */
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

/** A view that has what is wanted of that position, and maybe more. */
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
