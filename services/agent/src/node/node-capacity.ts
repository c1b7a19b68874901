import type { Node } from '@reckon/kubernetes'
import type { RuntimeFacts } from '../runtime/runtime.ts'

type Resources = Record<string, string>

const podsMax = 110
/** Upstream's allocatable share of a disk: a tenth stays free for the machine. */
const diskShare = 0.9

/**
 * Capacity and allocatable resources of a node: what the machine has, and what others have added to its status
 * (extended resources, `example.com/gpu`, which have no meaning here). Pure.
 */
export function capacityOf(
  { cpus, memoryBytes, diskBytes }: RuntimeFacts,
  hugePages: Readonly<Record<string, number>>,
  recorded: Node | undefined,
): { capacity: Resources; allocatable: Resources } {
  const huge = Object.values(hugePages).reduce((sum, bytes) => sum + bytes, 0)
  const shared: Resources = {
    ...extendedIn(recorded?.status?.capacity),
    cpu: `${cpus}`,
    pods: `${podsMax}`,
    ...Object.fromEntries(
      Object.entries(hugePages).map(([name, bytes]) => [name, `${bytes / 2 ** 20}Mi`]),
    ),
  }
  const disk = (share: number): Resources =>
    diskBytes === undefined
      ? {}
      : { 'ephemeral-storage': `${Math.floor((diskBytes * share) / 1024)}Ki` }
  const memory = (bytes: number): Resources => ({ memory: `${Math.floor(bytes / 1024)}Ki` })
  return {
    capacity: { ...shared, ...memory(memoryBytes), ...disk(1) },
    allocatable: { ...shared, ...memory(memoryBytes - huge), ...disk(diskShare) },
  }
}

/** Resources with a domain other than Kubernetes' own. */
const extendedIn = (resources: Readonly<Resources> = {}): Resources =>
  Object.fromEntries(
    Object.entries(resources).filter(
      ([name]) => name.includes('/') && !name.split('/')[0]?.endsWith('kubernetes.io'),
    ),
  )
