import { eventsHead, everyEvent, termOf } from '@reckon/eventing'
import {
  everyApplied,
  nodeApplied,
  nodeEvents,
  nodeHead,
  nodeHeartbeat,
  nodeRead,
  nodeReports,
} from './node-subjects.ts'

/** Which subjects a user of the wire may publish and hear, besides hearing its own inbox. */
export type Permissions = { publish: readonly string[]; subscribe: readonly string[] }

const trusted = [everyEvent, eventsHead]

/** What each trusted service may do; the user of the wire is called as the service is. */
export const servicePermissions: Readonly<Record<string, Permissions>> = {
  api: {
    publish: [everyEvent, 'head.>', nodeEvents('*')],
    subscribe: [...trusted, nodeRead('*'), nodeReports('*')],
  },
  scheduler: { publish: [termOf('scheduler')], subscribe: [...trusted, termOf('scheduler')] },
  replicator: {
    publish: [termOf('replicator')],
    subscribe: [...trusted, termOf('replicator'), nodeHeartbeat('*')],
  },
}

/** What a node may do: the user of the wire is called as the node is. */
export const nodePermissions = (node: string): Permissions => ({
  publish: [nodeRead(node), nodeReports(node), nodeHeartbeat(node), nodeApplied(node)],
  subscribe: [nodeEvents(node), nodeHead(node), everyApplied],
})
