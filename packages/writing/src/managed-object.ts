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

/** An object that was never applied has no longer a history that is looked through for who changed what. */
const eventsMax = 1024

/**
 * Who manages the fields of an object that was never applied, as its stream tells; undefined where that has no such
 * object, or its creation lies too far back.
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

/** Changes one by one: what is recorded whole besides does not say who made it so. */
function withoutWhole(event: RecordedEvent): RecordedEvent {
  if (!isJsonObject(event.data) || event.data.patch === undefined) return event
  const { object: _, ...data } = event.data
  return withContent(event, { type: event.type, data })
}

/** The object with its managers: those it names, or those of its history; what that does not tell nobody applied. */
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
