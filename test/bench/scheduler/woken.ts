import { Objects, streamOf } from '@reckon/domain'
import type { NewEvent } from '@reckon/eventing'
import { type KubernetesObject, pods as podsResource } from '@reckon/kubernetes'
import { SchedulingView } from '@reckon/scheduler/view'
import { defaultPolicy, place, RecordedPolicies, reasonSet } from '@reckon/scheduling'
import { type Row, shown } from '../benchmark.ts'
import { Latencies } from '../latencies.ts'
import { nodeName, nodeOf, podOf } from './objects.ts'
import { createdEvent, streamFor } from './recorded-objects.ts'

const nodes = 100
const times = 100
const restedMs = 60_000

/** One of so many parked pods finds a place when a pod ends: from that event until it is decided. */
export function measureWoken(parked: number, sorts: number): Row {
  const objects = new Objects()
  const feed = feedOf(objects)
  for (let node = 0; node < nodes; node += 1) {
    feed.create(nodeOf(node))
    feed.create(podOf('full', { nodeName: nodeName(node), requests: { cpu: '32' } }))
  }
  for (let index = 0; index < parked; index += 1) {
    feed.create(podOf('waiting', { requests: { cpu: `${10_000 + (index % sorts)}m` } }))
  }
  const view = new SchedulingView(objects, new RecordedPolicies())
  objects.subscribe((change) => view.apply(change))
  for (let uid = view.queue.pop(0); uid !== undefined; uid = view.queue.pop(0)) park(view, uid)
  const latencies = new Latencies()
  for (const { object } of objects.list(podsResource).filter(isBound).slice(0, times)) {
    const began = performance.now()
    feed.end(object)
    const uid = view.queue.pop(restedMs) ?? ''
    const stored = view.waiting(uid)
    const chosen = stored && place(stored.object, view.cluster, defaultPolicy).nodeName
    latencies.addMs(performance.now() - began)
    if (stored === undefined || chosen === undefined) throw new Error('nobody was woken')
    view.assume(stored.object, chosen, 1)
  }
  return {
    what: `one of ${shown(parked)} parked pods of ${shown(sorts)} sorts woken`,
    nodes: shown(nodes),
    'p50 µs': shown(latencies.percentileMs(0.5) * 1000),
    'max µs': shown(latencies.percentileMs(1) * 1000),
  }
}

const isBound = ({ object }: { object: KubernetesObject & { spec: { nodeName?: string } } }) =>
  object.spec.nodeName !== undefined

function park(view: SchedulingView, uid: string): void {
  const stored = view.waiting(uid)
  if (stored === undefined) return
  const { rejectedBy, message } = place(stored.object, view.cluster, defaultPolicy)
  const sort = view.cluster.equalPods(stored.object)
  const { name: policy } = defaultPolicy
  view.queue.park(uid, 0, { sort, policy, rejectedBy, verdict: reasonSet(message) })
}

function feedOf(objects: Objects) {
  let position = 0n
  const apply = (stream: string, revision: bigint, event: NewEvent) => {
    position += 10n
    objects.apply({ ...event, metadata: event.metadata, stream, revision, position })
  }
  return {
    create: (object: KubernetesObject) => apply(streamFor(object), 0n, createdEvent(object)),
    end: ({ metadata: { namespace, name } }: KubernetesObject) => {
      const gone = { ...createdEvent(podOf('gone')), type: 'PodDeleted', data: { patch: [] } }
      apply(streamOf(podsResource, namespace, name), 1n, gone)
    },
  }
}
