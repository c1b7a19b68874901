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
import type { WriterView } from '@reckon/writing'
import type { Heartbeats } from './node-plane/heartbeats.ts'
import type { PastFolds } from './past/past-folds.ts'
import type { Gzip } from './requests/answer-form.ts'

/** Logs for operators. */
export type ApiLogger = Logger & { error(fields: object, message: string): void }

/** Everything that the api gets from outside. */
export type ApiPorts = {
  log: EventLog
  bus: Bus
  /** A bus connection for the streams of nodes alone, so that a flood there does not delay the wire. */
  streams: Bus
  clock: Clock
  ids: Ids
  /** The view that is read; `reader` keeps it up to date with the log. */
  objects: Objects
  /** The view, plus what this process has written and the view has not yet seen. */
  known: WriterView
  reader: Reader
  logger: ApiLogger
  /** Lists of the past. Absent: they are folded here, from the log alone. */
  pastFolds?: PastFolds
  /** An index of the log by time and request. Absent: the log itself is searched. */
  index?: LogIndex
  /** Absent: nobody reads the metrics. */
  metrics?: Metrics
  /** Absent: service accounts have no tokens. */
  tokenKey?: TokenKey
  /** Absent: no Secret's value reaches a node. */
  nodeSealing?: NodeSealing
  /** Absent: a Node's heartbeat is as old as its conditions. */
  heartbeats?: Heartbeats
  /** The nodes of the cluster's own machine; absent: any node may register. */
  ownNodes?: ReadonlySet<string>
  /** So long a node may be silent; absent: nodes send a heartbeat every second. */
  nodeGraceSeconds?: number
  /** Absent: Node's thread pool compresses. */
  gzip?: Gzip
}

/** What serving the nodes needs besides: whether this api is the active relay. */
export type NodePlanePorts = ApiPorts & { relay: Pick<Relay, 'isActive'> }
