import type { Objects } from '@reckon/domain'
import type {
  Bus,
  Clock,
  EventLog,
  Ids,
  Logger,
  LogIndex,
  Reader,
  Relay,
  TokenKey,
} from '@reckon/eventing'
import type { NodeSealing } from '@reckon/node-plane'
import type { Metrics } from '@reckon/process'
import type { Known } from '@reckon/writing'
import type { Heartbeats } from './node-plane/heartbeats.ts'
import type { PastFolds } from './past/past-folds.ts'
import type { Gzip } from './requests/answer-form.ts'

/** Where a process writes what an operator should know. */
export type ApiLogger = Logger & { error(fields: object, message: string): void }

/** Everything that api gets from outside. */
export type ApiPorts = {
  log: EventLog
  bus: Bus
  /** The wire for streams of nodes: a connection of its own, so that a flood there holds up nothing else. */
  streams: Bus
  clock: Clock
  ids: Ids
  /** The view that is read; `reader` keeps it up to the log. */
  objects: Objects
  /** That view, and what was written here since. */
  known: Known
  reader: Reader
  logger: ApiLogger
  /** Lists of the past. Absent: they are folded here, from the log alone. */
  pastFolds?: PastFolds
  /** Where times and requests are in the log. Absent: the log is read for it. */
  index?: LogIndex
  /** Absent: what is counted nobody reads. */
  metrics?: Metrics
  /** Absent: service accounts have no tokens. */
  tokenKey?: TokenKey
  /** Absent: no Secret's value reaches a node. */
  nodeSealing?: NodeSealing
  /** Absent: a Node's heartbeat is as old as its conditions. */
  heartbeats?: Heartbeats
  /** The nodes of the cluster's own machine; absent: any node may come into being. */
  ownNodes?: ReadonlySet<string>
  /** Absent: on the machine's threads. */
  gzip?: Gzip
}

/** What speaking with nodes needs besides: whether it is this api that feeds the wires. */
export type NodePlanePorts = ApiPorts & { relay: Pick<Relay, 'isActive'> }
