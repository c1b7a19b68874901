import type { Pod } from '@reckon/kubernetes'
import { ClusterState, defaultPolicy, place, recordedOf } from '@reckon/scheduling'
import { type Row, shown } from '../benchmark.ts'
import { namespaceOf, nodeName, nodeOf } from './objects.ts'
import type { Workload } from './workloads.ts'

/** A workload on so many nodes. */
export type Sized = { workload: Workload; nodes: number; pods: number }

/** Placed and counted by the core alone; CPU of one thread. What has to leave leaves at once. */
export function measureCore(
  { workload, nodes, pods: count }: Sized,
  { isRecorded = false } = {},
): Row {
  const cluster = stateOf(workload, nodes)
  const pods = Array.from({ length: count }, (_, index) => workload.create(index))
  const began = process.threadCpuUsage()
  let placed = 0
  let bytes = 0
  for (const pod of pods) {
    const placement = place(pod, cluster, defaultPolicy)
    if (isRecorded) bytes += JSON.stringify(recordedOf(placement)).length
    const nodeName = placement.nodeName ?? roomMade(cluster, placement)
    if (nodeName === undefined) continue
    cluster.addPod(pod, nodeName)
    placed += 1
  }
  const { user, system } = process.threadCpuUsage(began)
  const micros = (user + system) / pods.length
  return {
    what: isRecorded ? `${workload.what}, recorded` : workload.what,
    nodes: shown(nodes),
    pods: shown(pods.length),
    placed: shown(placed),
    'µs/pod': shown(micros),
    'pods/s': shown(1_000_000 / micros),
    'bytes recorded': isRecorded ? shown(bytes / pods.length) : '',
  }
}

function stateOf({ standing, namespaces = [] }: Workload, nodes: number): ClusterState {
  const cluster = new ClusterState()
  for (const name of namespaces) cluster.setNamespace(name, namespaceOf(name).metadata.labels)
  for (let index = 0; index < nodes; index += 1) {
    cluster.setNode(nodeOf(index))
    for (const pod of standing?.(index) ?? []) cluster.addPod(pod, nodeName(index))
  }
  return cluster
}

/** The node that pods have left. */
function roomMade(
  cluster: ClusterState,
  { preemption }: ReturnType<typeof place>,
): Pod['spec']['nodeName'] {
  if (preemption === undefined || !('nomination' in preemption)) return undefined
  for (const { uid } of preemption.nomination.victims) cluster.removePod(uid)
  return preemption.nomination.nodeName
}
