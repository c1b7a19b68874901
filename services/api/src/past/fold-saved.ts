import {
  type Objects,
  objectFold,
  type Range,
  type StoredObject,
  savedText,
  streamsOf,
} from '@reckon/domain'
import { isSystemEvent } from '@reckon/eventing'
import type { Resource } from '@reckon/kubernetes'
import { recordsOf, type Sources, toldOf } from './fold-past.ts'
import { firstOf, inListOrder, merged } from './list-order.ts'
import { keyOfStream, SavedItem } from './past-item.ts'
import { within } from './within.ts'
import { yieldEvery } from './yield-every.ts'

type Wanted = { resource: Resource; range: Range; position: bigint; signal: AbortSignal }

/** After this many events or objects, let other work run. */
const turnItems = 60

/**
 * The objects of a resource that is not encrypted, as they were, in list order: from the nearest earlier snapshot and
 * the events since. Objects that did not change since the snapshot are not parsed, unless labels are asked for. Throws
 * once the signal aborts.
 */
export async function foldSaved(
  objects: Objects,
  sources: Sources,
  { resource, range, position, signal }: Wanted,
): Promise<readonly SavedItem[]> {
  const turn = yieldEvery({ clock: sources.clock, signal, items: turnItems })
  const begin = streamsOf(resource, range.namespace)
  const fold = objectFold(resource, (event) => objects.keys.open(event))
  await using told = await toldOf(sources, { prefixes: [begin], position, signal })
  const found = recordsOf(told.texts, begin)
  const saved = inListOrder(
    Array.from(found, (each) => SavedItem.in(each.bytes, each.begin, each.end)),
  )
  const changed = new Map<string, Changed>()
  for await (const event of told.events) {
    if (isSystemEvent(event)) continue
    const one = changed.get(event.stream) ?? savedIn(saved, event.stream)
    one.state = fold.evolve(one.state, event)
    changed.set(event.stream, one)
    await turn()
  }
  const others: SavedItem[] = []
  for (const [stream, { state }] of changed) {
    if (state) others.push(SavedItem.in(Buffer.from(savedText(stream, state))))
    await turn()
  }
  const without = new Set(Array.from(changed.values(), ({ place }) => place))
  const items = merged(saved, { without, others: inListOrder(others) })
  return within(range, items, turn)
}

/** An object that changed since the snapshot, and where in the list of that it is; -1 where it is not in it. */
type Changed = { place: number; state: StoredObject | undefined }

function savedIn(items: readonly SavedItem[], stream: string): Changed {
  const key = keyOfStream(stream)
  const at = firstOf(items, (each) => each >= key)
  const item = items[at]
  return item?.key === key ? { place: at, state: item.stored() } : { place: -1, state: undefined }
}
