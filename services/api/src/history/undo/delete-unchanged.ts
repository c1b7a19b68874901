import { type Origin, streamOf } from '@reckon/domain'
import type { EventLog, RecordedEvent } from '@reckon/eventing'
import { isRefusal, type KubernetesObject, StatusError } from '@reckon/kubernetes'
import { deleteObject } from '@reckon/writing'
import type { ApiPorts } from '../../ports.ts'
import { isOtherChange } from './is-other-change.ts'
import type { UndoTarget } from './undo-plan.ts'

/** How often to retry when controllers write meanwhile. */
const triesMax = 5

/**
 * Deletes an object as planned, unless somebody has changed it since; changes by controllers, and of its status, do not
 * prevent that.
 */
export async function deleteUnchanged(
  ports: ApiPorts,
  target: UndoTarget,
  { planned, origin }: { planned: KubernetesObject; origin: Origin },
): Promise<void> {
  const { resource, namespace, name } = target
  const stream = streamOf(resource, namespace, name)
  const { uid, resourceVersion = '0' } = planned.metadata
  for (let tries = 1; ; tries++) {
    const since = await changesAfter(ports.log, stream, BigInt(resourceVersion))
    if (since.some((event) => isOtherChange(event, ports.objects.keys))) throw changed(target)
    const newest = since.at(0)?.position.toString() ?? resourceVersion
    const preconditions = { ...(uid && { uid }), resourceVersion: newest }
    try {
      await deleteObject(ports, { target, origin, preconditions })
      return
    } catch (error) {
      if (!isRefusal(error, 'Conflict') || tries === triesMax) throw error
    }
  }
}

/** Newest first. */
async function changesAfter(
  log: EventLog,
  stream: string,
  position: bigint,
): Promise<readonly RecordedEvent[]> {
  const found: RecordedEvent[] = []
  for await (const event of log.readStream(stream, { direction: 'backwards' })) {
    if (event.position <= position) break
    found.push(event)
  }
  return found
}

const changed = ({ resource, name }: UndoTarget): StatusError =>
  new StatusError('Conflict', `${resource.plural} "${name}" was changed meanwhile; it stays`)
