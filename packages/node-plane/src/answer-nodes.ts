import { type Bus, isInbox, type MalformedMessages } from '@reckon/eventing/bus'
import { isNodeName, nodeIn } from './node-subjects.ts'

/** What a node asks for; an answer reaches that node only. */
export type NodeRequest = {
  node: string
  subject: string
  data: Uint8Array
  respond(data: Uint8Array): void
}

/**
 * Hands on what nodes ask, one api each request, until the returned function is called. Who asks is the node that the
 * subject is of, and where the answer goes has to lie in its inbox: else a node could make an api publish anywhere.
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
