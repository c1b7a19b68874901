import type { Bus, Clock, Ids, Logger } from '@reckon/eventing/bus'
import type { NodeKey } from '@reckon/node-plane'
import type { Metrics } from '@reckon/process'
import type { Dialer } from './runtime/dialer.ts'
import type { Runtime } from './runtime/runtime.ts'
import type { PodDisk } from './volumes/pod-disk.ts'

/** Everything that the agent needs from outside. */
export type AgentPorts = {
  bus: Bus
  /** The wire for streams: a connection of its own, so that flooding it delays nothing else. */
  streams: Bus
  clock: Clock
  ids: Ids
  runtime: Runtime
  disk: PodDisk
  dialer: Dialer
  log: Logger
  metrics?: Metrics
  /** The key that opens the values of Secrets; without it this node receives none. */
  nodeKey?: NodeKey
}
