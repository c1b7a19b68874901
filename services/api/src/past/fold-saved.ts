import {
  listKeyOf,
  type Objects,
  type Range,
  refOf,
  savedParts,
  savedText,
  streamOf,
  streamsOf,
} from '@reckon/domain'
import { snapshotPosition } from '@reckon/eventing'
import { type Resource, ResourceTable } from '@reckon/kubernetes'
import { eventsBetween, type Sources, snapshotBefore } from './fold-past.ts'
import { SavedItem } from './past-item.ts'
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
  await using snapshot = await snapshotBefore(sources, position)
  const saved = new Map<string, Buffer>()
  const opening = `${savedParts.stream.after}${begin}`
  for await (const texts of snapshot?.texts(opening) ?? []) {
    for (const text of texts) takeIn(saved, text, Buffer.from(opening))
    signal.throwIfAborted()
  }
  const after = snapshot && snapshotPosition(snapshot)
  const isWanted = (stream: string) => stream.startsWith(begin)
  for await (const event of eventsBetween(sources, { after, upTo: position, isWanted })) {
    const { namespace, name } = refOf(event.stream) ?? {}
    const stream = name === undefined ? event.stream : streamOf(resource, namespace, name)
    const before = saved.get(stream)
    if (before) folded.restore({ object: [stream, JSON.parse(before.toString())] })
    saved.delete(stream)
    folded.apply(event)
    await turn()
  }
  const items = Array.from(saved, ([stream, text]) => new SavedItem(keyOfStream(stream), text))
  for (const stored of folded.scan(resource, { namespace: range.namespace })) {
    items.push(new SavedItem(listKeyOf(stored.object), Buffer.from(savedText(stored))))
    await turn()
  }
  items.sort((a, b) => (a.key < b.key ? -1 : 1))
  return within(range, items, turn)
}

/** Finds the stream and the stored object in the text of a record, if it is about a stream that begins so. */
function takeIn(saved: Map<string, Buffer>, text: Buffer, opening: Buffer): void {
  if (!text.subarray(0, opening.length).equals(opening)) return
  const { stream, stored } = savedParts
  const from = stream.after.length
  const end = text.indexOf(streamEnd, from)
  const name = text.toString('utf8', from, end)
  const streamName: string = name.includes('\\') ? JSON.parse(`"${name}"`) : name
  saved.set(streamName, text.subarray(end + 2, text.length - stored.before.length))
}

// As bytes: a text that is looked for would be encoded each time.
const streamEnd = Buffer.from(savedParts.stream.before)

function keyOfStream(stream: string): string {
  const { namespace = '', name = '' } = refOf(stream) ?? {}
  return `${namespace} ${name}`
}
