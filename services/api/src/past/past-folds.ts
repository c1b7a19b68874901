import type { Objects, Range, StoredObject } from '@reckon/domain'
import type { Clock, EventLog } from '@reckon/eventing'
import type { Resource } from '@reckon/kubernetes'
import { foldPast, type PastSources } from './fold-past.ts'

/** The objects of a resource in a range, as they were at a position of the log. */
type PastRange = { resource: Resource; range: Range; position: bigint }

/** Lists of what was. */
export interface PastFolds {
  /** In the order of lists, some at a time. Ends when the signal aborts: nobody waits for it any more. */
  scan(past: PastRange, signal: AbortSignal): AsyncIterable<readonly StoredObject[]>
}

/** So many objects come at a time: others have their turn in between. */
const batchObjects = 100

/** What the log of the view has had of objects, folded in this thread. */
export function foldsHere(
  objects: Objects,
  sources: PastSources & { log: EventLog; clock: Clock },
): PastFolds {
  return {
    async *scan({ resource, range, position }, signal) {
      const folded = objects.beginning()
      const collection = { resource, namespace: range.namespace, position }
      await foldPast(folded, sources, { collection, signal })
      let batch: StoredObject[] = []
      for (const stored of folded.scan(resource, range)) {
        batch.push(stored)
        if (batch.length < batchObjects) continue
        yield batch
        batch = []
      }
      yield batch
    },
  }
}
