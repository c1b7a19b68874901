import { type Container, cpuMillis, memoryBytes, type Pod, StatusError } from '@reckon/kubernetes'

/** The limits of a container that has none of its own. */
export type Allocatable = { cpu: string; memory: string }

type Reference = { containerName?: string; resource: string; divisor?: string }

/**
 * A container's request or limit through the downward API, in units of the divisor; of `own` where no container is
 * named. Refuses with `NotFound` a container that the pod does not have.
 */
export function resourceFieldOf(
  { spec }: Pod,
  own: Container | undefined,
  { containerName, resource: path, divisor: given = '0' }: Reference,
  allocatable: Allocatable,
): string {
  const all = [...spec.containers, ...(spec.initContainers ?? [])]
  const of = containerName ? all.find(({ name }) => name === containerName) : own
  if (of === undefined) throw new StatusError('NotFound', `container ${containerName} not found`)
  const [kind = '', resource = ''] = path.split('.')
  const amount =
    of.resources?.[kind === 'requests' ? 'requests' : 'limits']?.[resource] ??
    (kind === 'limits' && (resource === 'cpu' || resource === 'memory')
      ? allocatable[resource]
      : '0')
  const units = resource === 'cpu' ? cpuMillis : memoryBytes
  return `${Math.ceil(units(amount) / units(given === '0' ? '1' : given))}`
}
