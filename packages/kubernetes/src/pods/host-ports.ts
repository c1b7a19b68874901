import type { Pod } from '../object.ts'

/** A port of the node that a container uses. */
export type HostPort = { readonly ip: string; readonly protocol: string; readonly port: number }

const everyAddress = '0.0.0.0'

/** The host ports of a pod, including those of sidecars. */
export function hostPortsOf(pod: Pod): readonly HostPort[] {
  const sidecars = (pod.spec.initContainers ?? []).filter(
    (container) => container.restartPolicy === 'Always',
  )
  return [...sidecars, ...pod.spec.containers]
    .flatMap((container) => container.ports ?? [])
    .flatMap(({ hostIP, hostPort, protocol }) =>
      hostPort ? [{ ip: hostIP || everyAddress, protocol: protocol ?? 'TCP', port: hostPort }] : [],
    )
}

/** Whether two host ports conflict on one node. */
export function hostPortsClash(a: HostPort, b: HostPort): boolean {
  const sameAddress = a.ip === b.ip || a.ip === everyAddress || b.ip === everyAddress
  return sameAddress && a.port === b.port && a.protocol === b.protocol
}
