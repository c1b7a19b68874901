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
/** What nodes ask and tell: each on subjects of its own. */
const asking = [nodeRead, nodeSecret, nodeToken, nodeReports, nodeHeartbeat, nodeApplied, nodeUsage]
const everyInbox = '_INBOX.*.>'

/** Asks who is active in the service and answers that; the instances of one share their user and its inbox. */
const candidate = (service: string, heard: readonly string[] = []): Permissions => ({
  publish: [termOf(service), `${inboxOf(service)}.>`],
  subscribe: [...trustedWire, termOf(service), ...heard],
})

/** What each trusted service may do; the user of the wire is called as the service is. */
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
 * What a node may do: the user of the wire is called as the node is. Nothing that it hears is a pattern but its inbox:
 * nats-server lets who may hear `a.*` listen to `a.>`.
 */
export const nodeCredentials = (node: string): Credentials => ({
  user: node,
  permissions: {
    publish: [...asking.map((of) => of(node)), nodeStreamOf(node, '*')],
    subscribe: [nodeEvents(node), nodeHead(node), nodeStreams(node), ...shared],
  },
})
