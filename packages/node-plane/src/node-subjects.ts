import { nameIn, tokenOf } from '@reckon/eventing/bus'
import { subdomainProblem } from '@reckon/kubernetes'

/** Whether this can be a Node's name. Only such a name has subjects; `*` in its place listens to every node. */
export const isNodeName = (name: string): boolean => subdomainProblem(name) === ''

const ofNode = (node: string, what: string): string => `nodes.${tokenOf(node)}.${what}`

/** A node's own wire: whole objects, only what the node may know. */
export const nodeEvents = (node: string): string => ofNode(node, 'events')
export const nodeHead = (node: string): string => `head.nodes.${tokenOf(node)}`
/** A node asks for everything of one of its wires, as of one position; answered in several pages. */
export const nodeRead = (node: string): string => ofNode(node, 'read')
/** A node asks for the value of one Secret. */
export const nodeSecret = (node: string): string => ofNode(node, 'secret')
/** A node asks for a token for one of its pods. */
export const nodeToken = (node: string): string => ofNode(node, 'token')
/** A node reports what it has seen: request and reply, to one of the apis. */
export const nodeReports = (node: string): string => ofNode(node, 'reports')
/** What api says in the streams of a node; all of them on one subject, for a node hears no pattern. */
export const nodeStreams = (node: string): string => ofNode(node, 'streams')
/** What a node says in one of them. */
export const nodeStreamOf = (node: string, stream: string): string =>
  `${nodeStreams(node)}.${stream}`
export const nodeHeartbeat = (node: string): string => ofNode(node, 'heartbeat')
/** A node tells what it and its pods use. */
export const nodeUsage = (node: string): string => ofNode(node, 'usage')
/** A proxy publishes the position of the shared wire that it has applied. */
export const nodeApplied = (node: string): string => `applied.${tokenOf(node)}`

/** The wire that all nodes share: what each of them may know, whatever runs on it. */
export const sharedEvents = 'shared.events'
export const sharedHead = 'head.shared'
/** The lowest position that the live proxies have applied, told by the apis for all nodes. */
export const sharedApplied = 'shared.applied'

/** The node that a subject is of: the wire lets each node use its own only. */
export const nodeIn = (subject: string): string => nameIn(subject.split('.')[1] ?? '')
