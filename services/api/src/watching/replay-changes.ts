import { objectFold, refOf, type StoredObject, streamOf } from '@reckon/domain'
import type { EventLog, Fold, RecordedEvent } from '@reckon/eventing'
import { type Resource, resourceId } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import type { WatchedChange } from './watched-change.ts'

/** What to replay: after a position, up to and including another. */
export type Span = { after: bigint; upTo: bigint }

/**
 * Replays the changes of some resources' objects from the log: each object is folded from its last whole record before
 * the span. Encrypted content is decrypted as long as its key exists.
 */
export async function* replayChanges(
  ports: Pick<ApiPorts, 'log' | 'objects'>,
  resources: readonly Resource[],
  { after, upTo }: Span,
): AsyncIterable<WatchedChange> {
  const { log, objects } = ports
  const kinds = new Map(
    resources.map((resource) => {
      const fold = objectFold(resource, (event) => objects.keys.open(event))
      return [resourceId(resource), { resource, fold }]
    }),
  )
  const states = new Map<string, StoredObject | undefined>()
  for await (const event of log.readAll({ after })) {
    if (event.position > upTo) return
    const ref = refOf(event.stream)
    const kind = kinds.get(ref?.resourceId ?? '')
    if (ref === undefined || kind === undefined) continue
    const { resource, fold } = kind
    const stream = streamOf(resource, ref.namespace, ref.name)
    const before = states.has(stream) ? states.get(stream) : await stateBefore(log, event, fold)
    const stored = fold.evolve(before, event)
    states.set(stream, stored)
    const about = {
      resource,
      position: event.position,
      ...(before === undefined ? {} : { before }),
    }
    if (stored !== undefined) {
      yield { type: before === undefined ? 'ADDED' : 'MODIFIED', stored, ...about }
    } else if (before !== undefined) {
      yield { type: 'DELETED', stored: before, ...about }
    }
  }
}

async function stateBefore(
  log: EventLog,
  event: RecordedEvent,
  fold: Fold<StoredObject | undefined>,
): Promise<StoredObject | undefined> {
  if (event.revision === 0n) return undefined
  const events: RecordedEvent[] = []
  const backwards = { direction: 'backwards', from: event.revision - 1n } as const
  for await (const earlier of log.readStream(event.stream, backwards)) {
    events.push(earlier)
    if (fold.isFullState(earlier)) break
  }
  return events.reduceRight(fold.evolve, fold.initial)
}
