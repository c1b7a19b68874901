import { nameIn, tokenOf } from '@reckon/eventing/bus'
import { subdomainProblem } from '@reckon/kubernetes'

/** Whether this can be a Node's name. Only such a name has subjects; `*` in its place subscribes to every node. */
export const isNodeName = (name: string): boolean => subdomainProblem(name) === ''

const ofNode = (node: string, what: string): string => `nodes.${tokenOf(node)}.${what}`

/** A node's own wire: whole objects, only what the node may know. */
export const nodeEvents = (node: string): string => ofNode(node, 'events')
export const nodeHead = (node: string): string => `head.nodes.${tokenOf(node)}`
/** A node requests everything of one of its wires, as of one position; answered in several pages. */
export const nodeRead = (node: string): string => ofNode(node, 'read')
/** A node requests the value of one Secret. */
export const nodeSecret = (node: string): string => ofNode(node, 'secret')
/** A node requests a token for one of its pods. */
export const nodeToken = (node: string): string => ofNode(node, 'token')
/** A node reports to one of the apis: request and reply. */
export const nodeReports = (node: string): string => ofNode(node, 'reports')
/** The api's messages in the streams of a node; all on one subject, because a node must not subscribe to patterns. */
export const nodeStreams = (node: string): string => ofNode(node, 'streams')
/** A node's messages in one of its streams. */
export const nodeStreamOf = (node: string, stream: string): string =>
  `${nodeStreams(node)}.${stream}`
export const nodeHeartbeat = (node: string): string => ofNode(node, 'heartbeat')
/** A node reports the usage of itself and its pods. */
export const nodeUsage = (node: string): string => ofNode(node, 'usage')
/** A proxy publishes the position of the shared wire that it has applied. */
export const nodeApplied = (node: string): string => `applied.${tokenOf(node)}`

/** The wire that all nodes share, with what each of them may know. */
export const sharedEvents = 'shared.events'
export const sharedHead = 'head.shared'
/** The lowest position that all live proxies have applied, published by the apis for all nodes. */
export const sharedApplied = 'shared.applied'

/** The node of a subject: the wire lets each node use only its own. */
export const nodeIn = (subject: string): string => nameIn(subject.split('.')[1] ?? '')
