import {
  addQuantities,
  atOnce,
  type Container,
  canonicalQuantity,
  compareQuantities,
  memoryBytes,
  type Pod,
} from '@reckon/kubernetes'

/** A limit as written, and the name of what it limits. */
type Limit = { name: string; limit: string }

/** How much a pod may write to the disk of its node, however much is free. */
export type LocalLimits = {
  /** Its `emptyDir` volumes with a `sizeLimit`. */
  volumes: readonly Limit[]
  /** Its containers with a limit on `ephemeral-storage`. */
  containers: readonly Limit[]
  /** What these containers may write together; absent without such containers. */
  total?: string
}

/** How many bytes a pod has written. */
export type LocalUse = {
  /** By volume, of those that are limited. */
  volumes: ReadonlyMap<string, number>
  /** By container, including its log. */
  containers: ReadonlyMap<string, number>
  /** All its containers, and its volumes on disk. */
  totalBytes: number
}

/** The limits of a pod; undefined where it has none. Pure. */
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
 * The message for a pod that exceeds a limit, in a kubelet's wording and order (`localStorageEviction`): a volume, all
 * containers together, one container. Undefined where it does not. Pure.
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
