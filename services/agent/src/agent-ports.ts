import type { Bus, Clock, Ids, Logger } from '@reckon/eventing/bus'
import type { NodeKey } from '@reckon/node-plane'
import type { Metrics } from '@reckon/process'
import type { Dialer } from './runtime/dialer.ts'
import type { Runtime } from './runtime/runtime.ts'
import type { PodDisk } from './volumes/pod-disk.ts'

/** Everything outside the agent that it needs. */
export type AgentPorts = {
  bus: Bus
  /** The wire for streams: a connection of its own, so that a flood there holds up nothing else. */
  streams: Bus
  clock: Clock
  ids: Ids
  runtime: Runtime
  disk: PodDisk
  dialer: Dialer
  log: Logger
  metrics?: Metrics
  /** By which the values of Secrets are opened; absent: none reaches this node. */
  nodeKey?: NodeKey
}
