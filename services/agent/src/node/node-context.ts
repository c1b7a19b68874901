import type { KeyFailures } from '@reckon/process'
import type { AgentPorts } from '../agent-ports.ts'
import type { AgentConfiguration } from '../configuration.ts'
import type { Pressure } from '../eviction/pressure.ts'
import type { PodImages } from '../images/pod-images.ts'
import type { Admission } from '../pods/admission.ts'
import type { EndpointsGone } from '../pods/endpoints-gone.ts'
import type { Gate } from '../pods/gate.ts'
import type { Addresses } from './addresses.ts'
import type { KubeletMetrics } from './kubelet-metrics.ts'
import type { NodeNetwork } from './node-network.ts'
import type { ObjectCache } from './object-cache.ts'
import type { Reporter } from './reporter.ts'
import type { TokenReader } from './token-reader.ts'

/** What the loops of one node share. */
export type NodeContext = {
  ports: AgentPorts
  configuration: AgentConfiguration
  known: ObjectCache
  network: NodeNetwork
  addresses: Addresses
  admission: Admission
  reporter: Reporter
  tokens: TokenReader
  endpointsGone: EndpointsGone
  memoryPressure: Pressure
  diskPressure: Pressure
  images: PodImages
  metrics: KubeletMetrics
  /** Pods that cannot be synced because of a bug. */
  failures: KeyFailures
  /**
   * Limits how many containers start at a time: more would make each of them slower. Pods already begun go first,
   * because the engine creates networks one at a time and starts containers meanwhile.
   */
  startGate: Gate
}
