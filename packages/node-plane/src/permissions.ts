import { eventsHead, everyEvent, inboxOf, type Permissions, termOf } from '@reckon/eventing'
import {
  everyApplied,
  nodeApplied,
  nodeEvents,
  nodeHead,
  nodeHeartbeat,
  nodeRead,
  nodeReports,
} from './node-subjects.ts'

const trusted = [everyEvent, eventsHead]

const everyInbox = '_INBOX.*.>'

/** Asks who is active in the service and answers that; the instances of one share their user and its inbox. */
const candidate = (service: string, heard: readonly string[] = []): Permissions => ({
  publish: [termOf(service), `${inboxOf(service)}.>`],
  subscribe: [...trusted, termOf(service), ...heard],
})

/** What each trusted service may do; the user of the wire is called as the service is. */
export const servicePermissions: Readonly<Record<string, Permissions>> = {
  api: {
    publish: [everyEvent, eventsHead, nodeHead('*'), nodeEvents('*'), everyInbox],
    subscribe: [...trusted, nodeRead('*'), nodeReports('*')],
  },
  scheduler: candidate('scheduler'),
  replicator: candidate('replicator', [nodeHeartbeat('*')]),
}

/** What a node may do: the user of the wire is called as the node is. */
export const nodePermissions = (node: string): Permissions => ({
  publish: [nodeRead(node), nodeReports(node), nodeHeartbeat(node), nodeApplied(node)],
  subscribe: [nodeEvents(node), nodeHead(node), everyApplied],
})
