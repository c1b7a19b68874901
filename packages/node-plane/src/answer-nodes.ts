import { type Bus, isInbox, type MalformedMessages } from '@reckon/eventing/bus'
import { isNodeName, nodeIn } from './node-subjects.ts'

/** A request of a node; the answer reaches only that node. */
export type NodeRequest = {
  node: string
  subject: string
  data: Uint8Array
  respond(data: Uint8Array): void
}

/**
 * Passes on the requests of nodes, each to one api, until the returned function is called. The requester is the node of
 * the subject, and the reply subject must lie in its inbox: otherwise a node could make an api publish anywhere.
 */
export function answerNodes(
  { bus, malformed }: { bus: Bus; malformed: MalformedMessages },
  subjectOf: (node: string) => string,
  answer: (request: NodeRequest) => void,
): () => void {
  return bus.subscribe(
    subjectOf('*'),
    (message) => {
      const { subject, data, reply } = message
      const node = nodeIn(subject)
      if (isNodeName(node) && isInbox(reply, node)) {
        answer({ node, subject, data, respond: (data) => message.respond(data) })
      } else {
        const reason = `the answer would not go into the inbox of ${node}`
        malformed.note({ kind: 'reply subject', subject }, reason)
      }
    },
    { queue: 'api' },
  )
}
