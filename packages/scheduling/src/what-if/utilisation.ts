import type { ClusterState } from '../state/cluster-state.ts'

/** The allocatable and the requested amount of a resource: CPU in thousandths of a core, memory in bytes. */
export type Use = { readonly requested: number; readonly allocatable: number }
export type Utilisation = Readonly<Record<'cpu' | 'memory' | 'pods', Use>>

/** How full the nodes are, together and one by one. */
export function utilisationOf(cluster: ClusterState): {
  all: Utilisation
  nodes: Record<string, Utilisation>
} {
  const slots = cluster.slots.order.subarray(0, cluster.slots.count)
  const named = Array.from(
    slots,
    (slot) => [cluster.slots.nameOf(slot), useAt(cluster, slot)] as const,
  )
  const all = named.map(([, each]) => each).reduce(sum, nothing)
  return { all, nodes: Object.fromEntries(named) }
}

const none: Use = { requested: 0, allocatable: 0 }
const nothing: Utilisation = { cpu: none, memory: none, pods: none }

function useAt({ resources, podCounts }: ClusterState, slot: number): Utilisation {
  const use = (name: string): Use => {
    const { requested, allocatable } = resources.of(name)
    return { requested: requested[slot] ?? 0, allocatable: allocatable[slot] ?? 0 }
  }
  const places = { requested: podCounts[slot] ?? 0, allocatable: use('pods').allocatable }
  return { cpu: use('cpu'), memory: use('memory'), pods: places }
}

const sum = (a: Utilisation, b: Utilisation): Utilisation => ({
  cpu: added(a.cpu, b.cpu),
  memory: added(a.memory, b.memory),
  pods: added(a.pods, b.pods),
})

const added = (a: Use, b: Use): Use => ({
  requested: a.requested + b.requested,
  allocatable: a.allocatable + b.allocatable,
})
