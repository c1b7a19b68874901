import {
  apiListening,
  type Credentials,
  eventsHead,
  inboxOf,
  type Permissions,
  termOf,
  trustedEvents,
} from '@reckon/eventing/bus'
import {
  nodeApplied,
  nodeEvents,
  nodeHead,
  nodeHeartbeat,
  nodeRead,
  nodeReports,
  nodeSecret,
  nodeStreamOf,
  nodeStreams,
  nodeToken,
  nodeUsage,
  sharedApplied,
  sharedEvents,
  sharedHead,
} from './node-subjects.ts'

const trustedWire = [trustedEvents, eventsHead]
const shared = [sharedEvents, sharedHead, sharedApplied]
/** The requests and reports of nodes, each on subjects of its own. */
const asking = [nodeRead, nodeSecret, nodeToken, nodeReports, nodeHeartbeat, nodeApplied, nodeUsage]
const everyInbox = '_INBOX.*.>'

/** For asking which instance of a service is active; the instances share a user and its inbox. */
const candidate = (service: string, heard: readonly string[] = []): Permissions => ({
  publish: [termOf(service), `${inboxOf(service)}.>`],
  subscribe: [...trustedWire, termOf(service), ...heard],
})

/** The permissions of each trusted service; the user has the service's name. */
export const servicePermissions: Readonly<Record<string, Permissions>> = {
  api: {
    publish: [
      ...[...trustedWire, ...shared, everyInbox, apiListening],
      ...[nodeHead, nodeEvents, nodeStreams].map((of) => of('*')),
    ],
    subscribe: [eventsHead, ...asking.map((of) => of('*')), nodeStreamOf('*', '*')],
  },
  scheduler: candidate('scheduler'),
  replicator: candidate('replicator', [nodeHeartbeat('*'), nodeUsage('*'), apiListening]),
}

/**
 * The permissions of a node; the user has the node's name. It may subscribe to no pattern but its inbox, because with a
 * right to `a.*` nats-server also allows subscribing to `a.>`.
 */
export const nodeCredentials = (node: string): Credentials => ({
  user: node,
  permissions: {
    publish: [...asking.map((of) => of(node)), nodeStreamOf(node, '*')],
    subscribe: [nodeEvents(node), nodeHead(node), nodeStreams(node), ...shared],
  },
})
