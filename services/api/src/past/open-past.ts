import { availableParallelism } from 'node:os'
import type { StoredObject } from '@reckon/domain'
import { events } from '@reckon/kubernetes'
import { isEvents } from '../history/shown-objects.ts'
import type { ApiPorts } from '../ports.ts'
import { bytesOf, FoldedLists, listAround } from './folded-lists.ts'
import { objectAt, type PastObject } from './object-at.ts'
import type { Past } from './past.ts'
import { foldsHere, type PastRange } from './past-folds.ts'
import type { PastItem } from './past-item.ts'
import { Semaphore } from './semaphore.ts'
import { within } from './within.ts'
import { yieldEvery } from './yield-every.ts'

/** How many folds run at once: each holds its collection in memory. One core stays free for the present. */
const foldsMax = Math.max(1, Math.min(2, availableParallelism() - 1))

/** After parsing this many objects, let other requests run. */
const turnItems = 100

type PastPorts = Pick<ApiPorts, 'log' | 'clock' | 'objects' | 'pastFolds'>

/** The past of the view: single objects from their own streams, lists by folding from the nearest snapshot. */
export function openPast(ports: PastPorts): Past {
  const atOnce = new Semaphore(foldsMax)
  const folds = ports.pastFolds ?? foldsHere(ports.objects, ports)
  const lists = new FoldedLists()
  const turnsUntil = (signal: AbortSignal) =>
    yieldEvery({ clock: ports.clock, signal, items: turnItems })
  async function* list(past: PastRange, signal: AbortSignal): AsyncGenerator<readonly PastItem[]> {
    const known = lists.get(past)
    if (known) {
      yield await within(past.range, known, turnsUntil(signal))
      return
    }
    await atOnce.enter(signal)
    try {
      const whole = listAround(past)
      if (whole === undefined) yield* folds.list(past, signal)
      else yield* partOf(whole, past, signal)
    } finally {
      atOnce.leave()
    }
  }
  /** A list that can be cached is folded to its end first: who asks for a page asks for the next one. */
  async function* partOf(whole: PastRange, { range }: PastRange, signal: AbortSignal) {
    let held: PastItem[] = []
    let bytes = 0
    for await (const batch of folds.list(whole, signal)) {
      for (const item of batch) held.push(item)
      bytes += bytesOf(batch)
      if (bytes <= lists.bytesMax) continue
      yield await within(range, held, turnsUntil(signal))
      held = []
    }
    if (bytes <= lists.bytesMax) lists.keep(whole, held)
    yield await within(range, held, turnsUntil(signal))
  }
  async function* scan(past: PastRange, signal: AbortSignal): AsyncGenerator<StoredObject> {
    const turn = turnsUntil(signal)
    for await (const batch of list(past, signal)) {
      for (const item of batch) {
        yield item.stored()
        await turn()
      }
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
      list: (resource, range, signal) => list({ resource, range, position }, signal),
      scan: (resource, range, signal) => scan({ resource, range, position }, signal),
    }),
  }
}
