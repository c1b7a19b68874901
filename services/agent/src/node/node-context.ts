import type { KeyFailures } from '@reckon/process'
import type { AgentPorts } from '../agent-ports.ts'
import type { AgentConfiguration } from '../configuration.ts'
import type { Pressure } from '../eviction/pressure.ts'
import type { PodImages } from '../images/pod-images.ts'
import type { Admission } from '../pods/admission.ts'
import type { EndpointsGone } from '../pods/endpoints-gone.ts'
import type { Gate } from '../pods/gate.ts'
import type { Addresses } from './addresses.ts'
import type { KnownObjects } from './known-objects.ts'
import type { KubeletMetrics } from './kubelet-metrics.ts'
import type { NodeNetwork } from './node-network.ts'
import type { Reporter } from './reporter.ts'
import type { TokenReader } from './token-reader.ts'

/** What the loops of one node share. */
export type NodeContext = {
  ports: AgentPorts
  configuration: AgentConfiguration
  known: KnownObjects
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
  /** The pods that a bug keeps from being run. */
  failures: KeyFailures
  /**
   * Containers are started few at a time: more at once only make each of them slower. A pod that has begun is finished
   * before another begins: the engine makes networks one after the other, and starts containers in the meantime.
   */
  startGate: Gate
}
