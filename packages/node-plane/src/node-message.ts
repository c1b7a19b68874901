import type { Cause } from '@reckon/eventing/bus'
import type { KubernetesObject, Node, PodStatus } from '@reckon/kubernetes'
import type { SealedForNode } from './node-secret.ts'

/** What a node learns of one object. `resource` is an id (`pods`, `ingresses.networking.k8s.io`). */
export type NodeUpsert = {
  type: 'Upsert'
  resource: string
  /** Of a Secret without its value: that is asked for by name. */
  object: KubernetesObject
  /** The event that made the object as it is; for what the node answers. */
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
 * The two wires that a node follows. `Shared` tells all nodes the same: Services, EndpointSlices, Ingresses and their
 * classes, and of each Node where its pods are. `Own` tells what is this node's to know: its Node, its pods, and the
 * ConfigMaps and Secrets that these name.
 */
export type NodeWireName = 'Shared' | 'Own'

/** One message of either wire: everything that changed on it at one position. */
export type NodeMessage = { changes: readonly NodeChange[] }

/** Asks for everything of one wire, as of the head of the log. */
export type NodeReadRequest = { wire: NodeWireName }

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

/** A part of the answer, `page` of `pages`, counted from 1; all of one answer have its id. An empty message ends it. */
export type NodeReadPage = {
  read: string
  page: number
  pages: number
  position: string
  /** The id of the cluster, as its founding event gives it. */
  cluster: string
  settings: NodeSettings
  changes: readonly NodeUpsert[]
}

/** Asks for the value of a Secret that a pod of the node names. */
export type NodeSecretRequest = { namespace: string; name: string }

/** The value of that version of the Secret, sealed to the node; nothing where there is none to be told, or not yet. */
export type NodeSecretReply =
  | { resourceVersion: string; sealed: SealedForNode }
  | Record<string, never>

/** Asks for a token for a pod of the node, for an audience that one of its volumes names (empty: the api itself). */
export type NodeTokenRequest = { namespace: string; name: string; uid: string; audience: string }

/** The token, sealed to the node, and how long it holds; nothing where there is none to be told, or not yet. */
export type NodeTokenReply =
  | { lastsSeconds: number; sealed: SealedForNode }
  | { lastsSeconds?: never; sealed?: never }

/** The position of the last message of a wire. */
export type NodeHead = { position: string }

/** The position of the shared wire that a proxy has applied. */
export type Applied = { position: string }

/** The lowest of those; absent where no proxy lives. */
export type LowestApplied = { position?: string }

/** Says that the agent lives, and which start of it. */
export type Heartbeat = { bootId: string }

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
  /** The agent knows that the node was given up, and has ended what was taken from it meanwhile. */
  isBack?: true
}

/** So many notes go with a report at most. */
export const podNotesMax = 8

/** What a node noticed about one of its pods, in the words of core/v1 Event: when, is for the cluster to say. */
export type PodNote = {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** How often so far. */
  count: number
}

/**
 * A pod's whole status. `number` counts the pod's reports within one start of the agent, `boot` these starts; a lower
 * one than the last is ignored, the same one again is recorded once.
 */
export type PodStatusReport = {
  type: 'PodStatus'
  namespace: string
  name: string
  uid: string
  boot: number
  number: number
  status: PodStatus
  /** What was noticed besides since the last report. */
  notes?: readonly PodNote[]
  /** The containers that were started since, and whose image was on the machine. */
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

/** The Envoy of an edge does not take what follows from an Ingress as it is, and goes on with what it was. */
export type IngressRefusedReport = {
  type: 'IngressRefused'
  namespace: string
  name: string
  message: string
}

/**
 * The node has a place for the volume that a claim waits for: a directory at this path, which it makes once there is
 * the volume.
 */
export type VolumeReadyReport = {
  type: 'VolumeReady'
  namespace: string
  name: string
  /** The claim's. */
  uid: string
  path: string
  cause: Cause
}

/** What a volume of the node was made of is removed. */
export type VolumeGoneReport = { type: 'VolumeGone'; name: string; uid: string; cause: Cause }

export type Report =
  | NodeReport
  | PodStatusReport
  | PodGoneReport
  | IngressRefusedReport
  | VolumeReadyReport
  | VolumeGoneReport

/** `Busy`: ask again later, with the newest state. `Refused`: this node may not say this, or it makes no sense. */
export type ReportReply = {
  outcome: 'Recorded' | 'Unchanged' | 'Ignored' | 'Busy' | 'Refused'
  message?: string
  /** To the report of a Node: which start of its agent is the last that is recorded. */
  boot?: number
}
