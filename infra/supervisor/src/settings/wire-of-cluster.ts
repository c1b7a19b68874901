import type { Layout } from '../layout.ts'
import type { ClusterFile } from './cluster-file.ts'

/** Where the embedded nats-server listens: on loopback, or where other machines reach it, and there alone. */
export const natsAddress = ({ advertise = '127.0.0.1' }: ClusterFile): string => advertise

/** How every process, and a machine that joins, reaches the wire. */
export const natsUrl = (cluster: ClusterFile): string =>
  cluster.natsUrl ?? `nats://${natsAddress(cluster)}:${cluster.ports.nats}`

/** Whether the wire is spoken over TLS, by a certificate of the cluster's authority: what leaves the machine is. */
export const isWireSecured = ({ advertise, natsUrl }: ClusterFile): boolean =>
  advertise !== undefined && natsUrl === undefined

/** By what a process knows the server of the wire. */
export const wireFiles = (layout: Layout, cluster: ClusterFile): Record<string, string> =>
  isWireSecured(cluster) ? { RECKON_NATS_CA: layout.certificate('ca') } : {}
