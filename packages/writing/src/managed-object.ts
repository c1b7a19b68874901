import {
  effectOf,
  managedBy,
  managerOf,
  objectFold,
  type StoredObject,
  streamOf,
} from '@reckon/domain'
import { type RecordedEvent, withContent } from '@reckon/eventing'
import {
  isJsonObject,
  type KubernetesObject,
  managedAfterUpdate,
  secondsOf,
} from '@reckon/kubernetes'
import type { Target } from './target.ts'
import type { WritePorts } from './write-ports.ts'

/** The longest history that is searched for the managers of an object that was never applied. */
const eventsMax = 1024

/**
 * The managers of an object that was never applied, from its stream; undefined where there is no such object, or its
 * creation is too far back.
 */
export async function historicManagers(
  { log, known }: WritePorts,
  { resource, namespace, name }: Target,
): Promise<KubernetesObject | undefined> {
  const stream = streamOf(resource, namespace, name)
  const events: RecordedEvent[] = []
  const span = { direction: 'backwards', limit: eventsMax } as const
  for await (const event of log.readStream(stream, span)) {
    events.push(event)
    if (effectOf(resource, event.type) === 'Created') break
  }
  const fold = objectFold(resource, (event) => withoutWhole(known.keys.open(event)))
  const begin = (state: StoredObject | undefined, event: RecordedEvent) => {
    const after = fold.evolve(state, event)
    if (!after || effectOf(resource, event.type) !== 'Created') return after
    const managed = managedAfterUpdate(resource, undefined, after.object, managerOf(event.metadata))
    return { ...after, object: managedBy(after.object, managed) }
  }
  const oldest = events.at(-1)
  if (oldest === undefined || effectOf(resource, oldest.type) !== 'Created') return undefined
  return events.reduceRight<StoredObject | undefined>(begin, undefined)?.object
}

/** Only the change itself: a whole record does not say who made the object so. */
function withoutWhole(event: RecordedEvent): RecordedEvent {
  if (!isJsonObject(event.data) || event.data.patch === undefined) return event
  const { object: _, ...data } = event.data
  return withContent(event, { type: event.type, data })
}

/**
 * The object with its managers: its own, or those of its history; fields without one were set before the first apply.
 */
export function managedObject(
  { clock }: WritePorts,
  { resource }: Target,
  current: KubernetesObject,
  historic: KubernetesObject | undefined,
): KubernetesObject {
  if (current.metadata.managedFields !== undefined) return current
  const by = { manager: 'before-first-apply', time: secondsOf(clock.now()) }
  const { resourceVersion } = current.metadata
  if (historic?.metadata.resourceVersion === resourceVersion && historic) {
    return managedBy(current, historic.metadata.managedFields)
  }
  return managedBy(current, managedAfterUpdate(resource, historic, current, by))
}
