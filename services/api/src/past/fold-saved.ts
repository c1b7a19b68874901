import { type Objects, type Range, savedText, streamOf, streamsOf } from '@reckon/domain'
import { type Resource, ResourceTable } from '@reckon/kubernetes'
import { recordsOf, type Sources, toldOf } from './fold-past.ts'
import { keyOfStream, SavedItem } from './past-item.ts'
import { within } from './within.ts'
import { yieldEvery } from './yield-every.ts'

type Wanted = { resource: Resource; range: Range; position: bigint; signal: AbortSignal }

/** After this many events or objects, let other work run. */
const turnItems = 100

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
  const folded = objects.beginning(new ResourceTable([resource]))
  await using told = await toldOf(sources, { prefixes: [begin], position, signal })
  const saved = new Map<string, SavedItem>()
  for (const { bytes, begin: from, end } of recordsOf(told.texts, begin)) {
    const item = SavedItem.in(bytes, from, end)
    saved.set(item.key, item)
  }
  for await (const event of told.events) {
    const key = keyOfStream(event.stream)
    const before = saved.get(key)
    if (before) folded.restore(JSON.parse(before.text))
    saved.delete(key)
    folded.apply(event)
    await turn()
  }
  const items = [...saved.values()]
  for (const stored of folded.scan(resource, { namespace: range.namespace })) {
    const { namespace, name } = stored.object.metadata
    const text = savedText(streamOf(resource, namespace, name), stored)
    items.push(SavedItem.in(Buffer.from(text)))
    await turn()
  }
  items.sort((a, b) => (a.key < b.key ? -1 : 1))
  return within(range, items, turn)
}
