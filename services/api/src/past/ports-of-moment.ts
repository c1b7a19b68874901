import { type Objects, type StoredObject, streamOf } from '@reckon/domain'
import type { Reader } from '@reckon/eventing'
import {
  limitRanges,
  namespaces,
  priorityClasses,
  type Resource,
  runtimeClasses,
  serviceAccounts,
} from '@reckon/kubernetes'
import { WriterView } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'
import { logUntil } from './log-until.ts'
import type { Moment } from './moment.ts'
import type { Past } from './past.ts'

/** The resources that admission looks at besides the object itself. */
const admitting: readonly Resource[] = [
  ...[namespaces, serviceAccounts, limitRanges, priorityClasses, runtimeClasses],
]

type ObjectAtMoment = { resource: Resource; namespace: string; name: string; moment: Moment }

/**
 * Ports by which to try a write of one object as of a moment, as `kubectl diff` does: a view that holds the object and
 * what admission looks at, over the log as it was then. Nothing can be recorded through them.
 */
export async function portsOfMoment(
  { ports, past }: { ports: ApiPorts; past: Past },
  { resource, namespace, name, moment }: ObjectAtMoment,
  signal: AbortSignal,
): Promise<ApiPorts> {
  const { position, timeMs, resources } = moment
  const then = past.at(position)
  const view = ports.objects.beginning(resources)
  const cluster = ports.objects.cluster ?? null
  view.restore({ head: { position: String(position), lastEventId: '', cluster } })
  const object = name === '' ? undefined : await then.get(resource, namespace, name, signal)
  if (object) put(view, resource, object)
  for (const each of admitting) {
    const range = each.namespaced ? { namespace } : {}
    for await (const stored of then.scan(each, range, signal)) put(view, each, stored)
  }
  return {
    ...ports,
    objects: view,
    known: new WriterView(view),
    log: logUntil(ports.log, position),
    reader: still(position),
    clock: { now: () => timeMs, sleep: (ms, ended) => ports.clock.sleep(ms, ended) },
  }
}

function put(view: Objects, resource: Resource, stored: StoredObject): void {
  const { namespace, name } = stored.object.metadata
  const [revision, position] = [String(stored.revision), String(stored.position)]
  view.restore({ object: [streamOf(resource, namespace, name), { ...stored, revision, position }] })
}

/** A reader of a view that never changes. */
const still = (position: bigint): Reader => ({
  ...{ position, head: position, lagMs: 0, ready: Promise.resolve() },
  subscribe: () => () => {},
  waitFor: async () => true,
  waitForHead: async () => true,
  run: async () => {},
})
