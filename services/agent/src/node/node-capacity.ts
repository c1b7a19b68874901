import type { Node } from '@reckon/kubernetes'
import type { RuntimeFacts } from '../runtime/runtime.ts'

type Resources = Record<string, string>

const podsMax = 110
/** What upstream keeps free of a disk, lest the machine itself run out of it: a tenth. */
const diskShare = 0.9

/**
 * What a node has, and what of it pods may ask for. Besides what the machine tells that is what somebody has said of it
 * in its status: extended resources (`example.com/gpu`) are of no meaning to anybody here. Pure.
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

/** Resources of a domain that is not Kubernetes' own. */
const extendedIn = (resources: Readonly<Resources> = {}): Resources =>
  Object.fromEntries(
    Object.entries(resources).filter(
      ([name]) => name.includes('/') && !name.split('/')[0]?.endsWith('kubernetes.io'),
    ),
  )
