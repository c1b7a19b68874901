import {
  addQuantities,
  atOnce,
  type Container,
  canonicalQuantity,
  compareQuantities,
  memoryBytes,
  type Pod,
} from '@reckon/kubernetes'

/** A limit under the name of what it limits, as it was written. */
type Limit = { name: string; limit: string }

/** How much a pod may write on the disk of its node, whatever room is left there. */
export type LocalLimits = {
  /** Of its `emptyDir` volumes, those that have a `sizeLimit`. */
  volumes: readonly Limit[]
  /** Of its containers, those that are limited in `ephemeral-storage`. */
  containers: readonly Limit[]
  /** What these may write together; absent where there are none. */
  total?: string
}

/** How many bytes a pod has written. */
export type LocalUse = {
  /** Into each volume that is limited. */
  volumes: ReadonlyMap<string, number>
  /** Of each container, beside its image and into its log. */
  containers: ReadonlyMap<string, number>
  /** All of its containers, and into those of its volumes that lie on the disk. */
  totalBytes: number
}

/** Undefined where nothing limits what the pod writes. Pure. */
export function localLimitsOf({ spec }: Pod): LocalLimits | undefined {
  const volumes = (spec.volumes ?? []).flatMap(({ name, emptyDir }) => {
    const limit = canonicalQuantity(emptyDir?.sizeLimit ?? none)
    return limit === none ? [] : [{ name, limit }]
  })
  const containers = [...(spec.initContainers ?? []), ...spec.containers].flatMap((container) => {
    const limit = limitOf(container)
    return limit === none ? [] : [{ name: container.name, limit }]
  })
  if (containers.length > 0) {
    return {
      volumes,
      containers,
      total: atOnce<string>(spec, limitOf, { none, sum: addQuantities, most }),
    }
  }
  return volumes.length > 0 ? { volumes, containers } : undefined
}

/**
 * What is to be said of a pod that has written more than it may, in a kubelet's words and order
 * (`localStorageEviction`): of a volume, of all containers together, of one of them. Undefined where it has not. Pure.
 */
export function excessOf(limits: LocalLimits, use: LocalUse): string | undefined {
  const isAbove = (bytes: number | undefined, limit: string) => (bytes ?? 0) > memoryBytes(limit)
  const volume = limits.volumes.find(({ name, limit }) => isAbove(use.volumes.get(name), limit))
  if (volume !== undefined) {
    return `Usage of EmptyDir volume "${volume.name}" exceeds the limit "${volume.limit}". `
  }
  if (limits.total !== undefined && isAbove(use.totalBytes, limits.total)) {
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${limits.total}. `
  }
  const container = limits.containers.find(({ name, limit }) => {
    return isAbove(use.containers.get(name), limit)
  })
  return (
    container &&
    `Container ${container.name} exceeded its local ephemeral storage limit "${container.limit}". `
  )
}

const none = '0'
const most = (a: string, b: string): string => (compareQuantities(a, b) < 0 ? b : a)

const limitOf = ({ resources }: Container): string =>
  canonicalQuantity(resources?.limits?.['ephemeral-storage'] ?? none)
