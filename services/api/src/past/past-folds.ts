import { type Objects, type Range, rulesOf, streamsOf } from '@reckon/domain'
import { type Resource, ResourceTable } from '@reckon/kubernetes'
import { isEvents, type ObjectsView } from '../history/shown-objects.ts'
import { foldEvents } from './fold-events.ts'
import { foldPast, type Sources } from './fold-past.ts'
import { foldSaved } from './fold-saved.ts'
import { ParsedItem, type PastItem } from './past-item.ts'

/** Which objects to read: those of one resource in a range, as they were at a position of the log. */
export type PastRange = { resource: Resource; range: Range; position: bigint }

/** Reads lists of objects as they were. */
export interface PastFolds {
  /** Yields objects in list order, in batches. Throws once the signal aborts, when nobody waits for the rest. */
  list(past: PastRange, signal: AbortSignal): AsyncIterable<readonly PastItem[]>
}

/** How many parsed objects are yielded at a time; other requests are served between batches. Unparsed ones come at once. */
const batchObjects = 100

/** Whether its lists are made of JSON from snapshots: encrypted objects have to be opened, and Events computed. */
export const isOfSaved = (resource: Resource): boolean =>
  !isEvents(resource) && !rulesOf(resource).isSealed

/** Folds the log of the view in this thread. */
export function foldsHere(objects: Objects, sources: Sources): PastFolds {
  return {
    async *list(past, signal) {
      const { resource, range, position } = past
      if (isOfSaved(resource)) {
        yield await foldSaved(objects, sources, { resource, range, position, signal })
        return
      }
      const view = await viewOf(objects, sources, { past, signal })
      const items = Iterator.from(view.scan(resource, range)).map((each) => new ParsedItem(each))
      yield* batched(items)
    },
  }
}

function* batched<T>(items: Iterable<T>): Generator<readonly T[]> {
  let batch: T[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length < batchObjects) continue
    yield batch
    batch = []
  }
  yield batch
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
