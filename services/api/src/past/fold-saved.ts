import {
  listKeyOf,
  type Objects,
  type Range,
  refOf,
  savedParts,
  savedText,
  streamsOf,
} from '@reckon/domain'
import { type Resource, ResourceTable } from '@reckon/kubernetes'
import { recordsOf, type Sources, toldOf } from './fold-past.ts'
import { SavedItem, savedPlace } from './past-item.ts'
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
  for (const record of recordsOf(told.texts, begin)) {
    const item = itemOf(resource, record)
    saved.set(item.key, item)
  }
  for await (const event of told.events) {
    const key = keyOfStream(resource, event.stream)
    const before = saved.get(key)
    if (before) folded.restore({ object: [event.stream, JSON.parse(before.text)] })
    saved.delete(key)
    folded.apply(event)
    await turn()
  }
  const items = [...saved.values()]
  for (const stored of folded.scan(resource, { namespace: range.namespace })) {
    items.push(new SavedItem(listKeyOf(stored.object), savedPlace(Buffer.from(savedText(stored)))))
    await turn()
  }
  items.sort((a, b) => (a.key < b.key ? -1 : 1))
  return within(range, items, turn)
}

type Record = { bytes: Buffer; begin: number; end: number }

// As bytes: a text that is looked for would be encoded each time.
const streamEnd = Buffer.from(savedParts.stream.before)

/** The object in a record's JSON. */
function itemOf(resource: Resource, { bytes, begin, end }: Record): SavedItem {
  const { stream, stored } = savedParts
  const from = begin + stream.after.length
  const to = bytes.indexOf(streamEnd, from)
  const text = bytes.toString('utf8', from, to)
  const name: string = text.includes('\\') ? JSON.parse(`"${text}"`) : text
  const place = savedPlace(bytes, to + 2, end - stored.before.length)
  return new SavedItem(keyOfStream(resource, name), place)
}

/** The `listKeyOf` a stream's object. */
function keyOfStream(resource: Resource, stream: string): string {
  const { namespace = '', name = '' } = refOf(stream) ?? {}
  return `${resource.namespaced ? namespace : ''} ${name}`
}
