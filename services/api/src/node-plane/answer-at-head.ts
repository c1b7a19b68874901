import type { MalformedMessages } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import { answerNodes, type NodeRequest, understood } from '@reckon/node-plane'
import type { ApiPorts } from '../ports.ts'

const waitMsMax = 3_000

/** Parses a node's request and answers it; an empty reply means that the node gets nothing. */
type Answered<T> = {
  subjectOf(node: string): string
  /** Throws SyntaxError if the data is not such a request. */
  parse(data: Uint8Array): T
  replyTo(node: string, asked: T): Promise<object> | object
}

/**
 * Answers nodes' requests as of the log's end, until the returned function is called: the right to what they ask for
 * may have been withdrawn a moment ago.
 */
export function answerAtHead<T>(
  { bus, reader }: Pick<ApiPorts, 'bus' | 'reader'>,
  malformed: MalformedMessages,
  { subjectOf, parse, replyTo }: Answered<T>,
): () => void {
  const answer = async ({ node, subject, data, respond }: NodeRequest) => {
    const asked = understood(malformed, { subject, data }, parse)
    const isNewest = asked !== undefined && (await reader.waitForHead(waitMsMax))
    respond(encode(isNewest ? await replyTo(node, asked) : {}))
  }
  return answerNodes({ bus, malformed }, subjectOf, (request) => {
    void answer(request).catch((error: unknown) => {
      request.respond(encode({}))
      // Anything but a refusal is a bug: rejecting here ends the process.
      if (!isRefusal(error)) throw error
    })
  })
}

const encode = (reply: object): Uint8Array => new TextEncoder().encode(JSON.stringify(reply))
