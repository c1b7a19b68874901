import { streamOf } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import type { KubernetesObject, Resource } from '@reckon/kubernetes'
import { createVault } from '@reckon/process/trusted'
import { History } from '../history.ts'
import type { Checker } from './checker.ts'

const draw = (bytes: number) => new Uint8Array(bytes)

/** What is recorded with an object: its event's other data, its author, and whether the event deletes it. */
type Beside = { told?: object; user?: string; isGone?: boolean }

/** What is recorded, one object after the other, as a checker sees it. */
export function recordedFor(create: (history: History) => Checker) {
  const history = new History(createVault(draw(32), draw))
  const checker = create(history)
  let position = 0n
  return (resource: Resource, object: KubernetesObject, beside: Beside = {}) => {
    const { told = {}, user = 'ada', isGone = false } = beside
    position += 1n
    const { namespace, name } = object.metadata
    const before = history.objects.get(resource, namespace ?? '', name)
    const type = `${resource.kind}${isGone ? 'Deleted' : before ? 'Changed' : 'Created'}`
    const patch = [{ op: 'replace' as const, path: '', value: object }]
    const data = isGone ? {} : { ...(before ? { patch } : { object }), ...told }
    const event: RecordedEvent = {
      ...{ id: `event-${position}`, type, stream: streamOf(resource, namespace, name) },
      ...{ position, revision: position, data },
      metadata: { actor: { user }, verb: 'test', time: '', $correlationId: 'test' },
    }
    checker.onRecorded?.(history.record(event))
  }
}
