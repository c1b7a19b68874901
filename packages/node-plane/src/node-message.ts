import type { Cause } from '@reckon/eventing/bus'
import type { KubernetesObject, Node, PodStatus } from '@reckon/kubernetes'
import type { SealedForNode } from './node-secret.ts'

/** What a node is told of one object. `resource` is an id (`pods`, `ingresses.networking.k8s.io`). */
export type NodeUpsert = {
  type: 'Upsert'
  resource: string
  /** A Secret without its value, which the node requests by name. */
  object: KubernetesObject
  /** The event that made the object as it is; the node names it as the cause of its reports. */
  cause: Cause
}

/** What a node no longer needs to know: the object is gone, or nothing on the node names it any more. */
type NodeRemove = {
  type: 'Remove'
  resource: string
  namespace: string
  name: string
  uid: string
  cause: Cause
}

export type NodeChange = NodeUpsert | NodeRemove

/**
 * The two wires that a node follows. `Shared` is the same for all nodes: Services, EndpointSlices, Ingresses and their
 * classes, and the place of each Node's pods. `Own` is for this node only: its Node, its pods, and the ConfigMaps and
 * Secrets that these name.
 */
export type NodeWireName = 'Shared' | 'Own'

/** One message of either wire: everything that changed on it at one position. */
export type NodeMessage = { changes: readonly NodeChange[] }

/** Requests everything of one wire, as of the head of the log. */
export type NodeReadRequest = { wire: NodeWireName }

/** The settings of the cluster that nodes need: decided when it was founded, and never changed. */
export type NodeSettings = {
  /** The address range of all pods. */
  clusterCidr: string
  /** The address range of Services. */
  serviceCidr: string
  /** The suffix of names in the cluster's DNS. */
  domain: string
  /** The address of the cluster's DNS for pods, on each machine. */
  clusterDns: string
}

/**
 * A page of the answer, `page` of `pages`, counted from 1; all pages of one answer have its id. An empty message ends
 * it.
 */
export type NodeReadPage = {
  read: string
  page: number
  pages: number
  position: string
  /** The id of the cluster, from its founding event. */
  cluster: string
  settings: NodeSettings
  /** How often the node is to send its heartbeat; absent: every second. */
  heartbeatSeconds?: number
  changes: readonly NodeUpsert[]
}

/** Requests the value of a Secret that a pod of the node names. */
export type NodeSecretRequest = { namespace: string; name: string }

/** The value of that version of the Secret, sealed to the node; absent where the node may not have it, or not yet. */
export type NodeSecretReply =
  | { resourceVersion: string; sealed: SealedForNode }
  | Record<string, never>

/** Requests a token for a pod of the node, for an audience that one of its volumes names (empty: the api itself). */
export type NodeTokenRequest = { namespace: string; name: string; uid: string; audience: string }

/** The token, sealed to the node, and its validity; absent where the node may not have it, or not yet. */
export type NodeTokenReply =
  | { lastsSeconds: number; sealed: SealedForNode }
  | { lastsSeconds?: never; sealed?: never }

/** The position of the last message of a wire. */
export type NodeHead = { position: string }

/** The position of the shared wire that a proxy has applied. */
export type Applied = { position: string }

/** The lowest of those; absent if no proxy is alive. */
export type LowestApplied = { position?: string }

/** The heartbeat of an agent, with the start that it belongs to. */
export type Heartbeat = { bootId: string }

/**
 * The Node itself: its name, labels, annotations and status; NodeRestriction decides what a node may report. `bootId`
 * is drawn when the agent starts; the api counts the starts of a node, and answers with the number (`boot`). `number`
 * counts the node's reports within one start; a report that arrives after a later one is ignored.
 */
export type NodeReport = {
  type: 'Node'
  node: Node
  bootId: string
  /** Absent until the agent was told it; then this registers the node. */
  boot?: number
  number: number
  /** The agent knows that the node was given up, and has ended the pods that were taken from it meanwhile. */
  isBack?: true
}

/** The largest number of notes in a report. */
export const podNotesMax = 8

/** An observation about one of the node's pods, in the form of a core/v1 Event; the cluster adds the time. */
export type PodNote = {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** The count so far. */
  count: number
}

/**
 * A pod's whole status. `number` counts the pod's reports within one start of the agent, `boot` these starts. A report
 * with a lower number than the last is ignored; the same one again is recorded once.
 */
export type PodStatusReport = {
  type: 'PodStatus'
  namespace: string
  name: string
  uid: string
  boot: number
  number: number
  status: PodStatus
  /** Observations since the last report. */
  notes?: readonly PodNote[]
  /** The containers started since then whose image was already on the machine. */
  imagesFound?: readonly string[]
  cause: Cause
}

/** The containers of a deleted pod are removed. */
export type PodGoneReport = {
  type: 'PodGone'
  namespace: string
  name: string
  uid: string
  cause: Cause
}

/** The Envoy of an edge rejects what follows from an Ingress, and continues with its previous version. */
export type IngressRefusedReport = {
  type: 'IngressRefused'
  namespace: string
  name: string
  message: string
}

/**
 * The node can provide the volume that a claim waits for: a directory at this path, which it creates once the volume is
 * recorded.
 */
export type VolumeReadyReport = {
  type: 'VolumeReady'
  namespace: string
  name: string
  /** The claim's uid. */
  uid: string
  path: string
  cause: Cause
}

/** The directory of one of the node's volumes is removed. */
export type VolumeGoneReport = { type: 'VolumeGone'; name: string; uid: string; cause: Cause }

export type Report =
  | NodeReport
  | PodStatusReport
  | PodGoneReport
  | IngressRefusedReport
  | VolumeReadyReport
  | VolumeGoneReport

/** `Busy`: retry later, with the newest state. `Refused`: this node may not report this, or it is malformed. */
export type ReportReply = {
  outcome: 'Recorded' | 'Unchanged' | 'Ignored' | 'Busy' | 'Refused'
  message?: string
  /** The answer to a Node report: the number of the agent's last recorded start. */
  boot?: number
}
