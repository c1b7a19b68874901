import { effectOf, refOf } from '@reckon/domain'
import { isSystemEvent, type RecordedEvent } from '@reckon/eventing'
import type { ResourceTable } from '@reckon/kubernetes'
import { isAsked } from './is-asked.ts'
import type { SelectedEvents } from './undo-selection.ts'

/**
 * The changes to undo, by stream, oldest first, up to a position: those that users requested and, of what followed from
 * these, the deletions. Everything else that followed is reverted by controllers themselves.
 */
export async function undoneEvents(
  resources: ResourceTable,
  { events: recorded, isMeant }: SelectedEvents,
  { upTo, signal }: { upTo: bigint; signal: AbortSignal },
): Promise<ReadonlyMap<string, readonly RecordedEvent[]>> {
  const requests = new Set<string | undefined>()
  const found = new Map<string, RecordedEvent[]>()
  const isDeletion = ({ stream, type }: RecordedEvent) => {
    const resource = resources.named(refOf(stream)?.resourceId ?? '')
    // A kind that no longer exists is known only by its own events.
    return resource ? effectOf(resource, type) === 'Deleted' : type.endsWith('Deleted')
  }
  for await (const event of recorded) {
    if (signal.aborted || event.position > upTo) break
    if (isSystemEvent(event) || refOf(event.stream) === undefined) continue
    const isOwn = isAsked(event) && isMeant(event)
    if (isOwn) requests.add(event.metadata?.$correlationId)
    const isFollowing = requests.has(event.metadata?.$correlationId) && isDeletion(event)
    if (!isOwn && !isFollowing) continue
    const events = found.get(event.stream) ?? []
    found.set(event.stream, events)
    events.push(event)
  }
  return found
}
