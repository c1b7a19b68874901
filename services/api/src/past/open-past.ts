import type { StoredObject } from '@reckon/domain'
import { events } from '@reckon/kubernetes'
import { isEvents } from '../history/shown-objects.ts'
import type { ApiPorts } from '../ports.ts'
import { FoldedLists } from './folded-lists.ts'
import { objectAt, type PastObject } from './object-at.ts'
import type { Past } from './past.ts'
import { foldsHere, type PastRange } from './past-folds.ts'
import { Semaphore } from './semaphore.ts'

/** How many folds run at once: each holds its collection in memory. */
const foldsMax = 2

type PastPorts = Pick<ApiPorts, 'log' | 'clock' | 'objects' | 'pastFolds'>

/** The past of the view: single objects from their own streams, lists by folding from the nearest snapshot. */
export function openPast(ports: PastPorts): Past {
  const atOnce = new Semaphore(foldsMax)
  const folds = ports.pastFolds ?? foldsHere(ports.objects, ports)
  const lists = new FoldedLists()
  async function* scan(past: PastRange, signal: AbortSignal): AsyncGenerator<StoredObject> {
    const known = lists.get(past)
    if (known) return yield* known
    let list: StoredObject[] | undefined = []
    await atOnce.enter(signal)
    try {
      for await (const batch of folds.scan(past, signal)) {
        if (lists.takes(past, (list?.length ?? 0) + batch.length)) list?.push(...batch)
        else list = undefined
        yield* batch
      }
      if (list) lists.keep(past, list)
    } finally {
      atOnce.leave()
    }
  }
  /** Most Events have no stream of their own. */
  async function eventAt({ namespace, name, position }: PastObject, signal: AbortSignal) {
    const all = scan({ resource: events, range: { namespace }, position }, signal)
    for await (const stored of all) if (stored.object.metadata.name === name) return stored
    return undefined
  }
  return {
    at: (position) => ({
      async get(resource, namespace, name, signal) {
        const asked = { resource, namespace, name, position }
        return isEvents(resource) ? eventAt(asked, signal) : objectAt(ports, asked)
      },
      scan: (resource, range, signal) => scan({ resource, range, position }, signal),
    }),
  }
}
