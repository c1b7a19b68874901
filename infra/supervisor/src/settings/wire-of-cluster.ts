import type { Layout } from '../layout.ts'
import type { ClusterFile } from './cluster-file.ts'

/** Where the embedded nats-server listens: either on loopback, or at the address for other machines. */
export const natsAddress = ({ advertise = '127.0.0.1' }: ClusterFile): string => advertise

/** How every process, and a joining machine, reaches the wire. */
export const natsUrl = (cluster: ClusterFile): string =>
  cluster.natsUrl ?? `nats://${natsAddress(cluster)}:${cluster.ports.nats}`

/** Whether the wire uses TLS with a certificate of the cluster's CA, as it must if it leaves the machine. */
export const isWireSecured = ({ advertise, natsUrl }: ClusterFile): boolean =>
  advertise !== undefined && natsUrl === undefined

/** The CA by which processes verify the wire's server. */
export const wireFiles = (layout: Layout, cluster: ClusterFile): Record<string, string> =>
  isWireSecured(cluster) ? { RECKON_NATS_CA: layout.certificate('ca') } : {}
