import { randomUUID } from 'node:crypto'
import { streamOf } from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import { type KubernetesObject, resourceOf } from '@reckon/kubernetes'

export const streamFor = (object: KubernetesObject): string =>
  streamOf(resourceOf(object), object.metadata.namespace, object.metadata.name)

/** The event that an object was made. */
export const createdEvent = (object: KubernetesObject) => {
  const id = randomUUID()
  const metadata = { actor: { user: 'bench' }, verb: 'create', $correlationId: id }
  return {
    id,
    type: `${object.kind}Created`,
    data: { object },
    metadata: { ...metadata, time: '2026-01-01T00:00:00.000Z' },
  }
}

/** Records that these objects were made, some at a time. */
export async function recordObjects(
  log: EventLog,
  objects: readonly KubernetesObject[],
): Promise<void> {
  let next = 0
  const write = async (): Promise<void> => {
    for (let object = objects[next++]; object !== undefined; object = objects[next++]) {
      await log.append(streamFor(object), 'NoStream', [createdEvent(object)])
    }
  }
  await Promise.all(Array.from({ length: 256 }, write))
}
