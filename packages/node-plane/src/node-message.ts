import type { Cause } from '@reckon/eventing'
import type { KubernetesObject, Node, PodStatus } from '@reckon/kubernetes'
import type { SealedForNode } from './node-secret.ts'

/** What a node learns of one object. `resource` is an id (`pods`, `ingresses.networking.k8s.io`). */
export type NodeUpsert = {
  type: 'Upsert'
  resource: string
  object: KubernetesObject
  /** The whole object, sealed to the node: what a read brings of a Secret, and the wire does not. */
  sealed?: SealedForNode
  /** The event that made the object as it is; for what the node answers. */
  cause: Cause
}

/** What a node no longer needs to know: the object is gone, or nothing on the node names it any more. */
export type NodeRemove = {
  type: 'Remove'
  resource: string
  namespace: string
  name: string
  uid: string
  cause: Cause
}

export type NodeChange = NodeUpsert | NodeRemove

/** One message of a node's wire: everything that changed for the node at one position. */
export type NodeMessage = { changes: readonly NodeChange[] }

/** Asks for everything that a node may know, as of a position that is not below `atLeast`. */
export type NodeReadRequest = { atLeast?: string }

/** What a node is told of its cluster: decided when it was founded, and the same for ever. */
export type NodeSettings = {
  /** Pods' addresses, of all nodes. */
  clusterCidr: string
  /** Services' addresses. */
  serviceCidr: string
  /** The suffix of names in the cluster's DNS. */
  domain: string
  /** Where pods ask the cluster's DNS, on each machine. */
  clusterDns: string
}

/** A part of the answer; all pages of one answer are of one position, an empty message ends it. */
export type NodeReadPage = {
  position: string
  /** The id of the cluster, as its founding event gives it. */
  cluster: string
  settings: NodeSettings
  changes: readonly NodeUpsert[]
}

/** The position of the last message of a node's wire, told every second. */
export type NodeHead = { position: string }

/**
 * The Node itself: its name, labels, annotations and status; what a node may say of it is NodeRestriction's to tell.
 * `bootId` is drawn when the agent starts; the api counts the starts of a node, and answers which one it is (`boot`).
 * `number` counts the node's reports within one start: one that comes after a later one is ignored.
 */
export type NodeReport = {
  type: 'Node'
  node: Node
  bootId: string
  /** Absent until it was told: then the node registers. */
  boot?: number
  number: number
}

/**
 * A pod's whole status. `number` counts the pod's reports within one start of the agent, `boot` these starts; a lower one
 * than the last is ignored, the same one again is recorded once.
 */
export type PodStatusReport = {
  type: 'PodStatus'
  namespace: string
  name: string
  uid: string
  boot: number
  number: number
  status: PodStatus
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

export type Report = NodeReport | PodStatusReport | PodGoneReport

/** `Busy`: ask again later, with the newest state. `Refused`: this node may not say this, or it makes no sense. */
export type ReportReply = {
  outcome: 'Recorded' | 'Unchanged' | 'Ignored' | 'Busy' | 'Refused'
  message?: string
  /** To the report of a Node: which start of its agent is the last that is recorded. */
  boot?: number
}
