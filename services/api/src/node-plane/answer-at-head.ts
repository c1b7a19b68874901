import type { MalformedMessages } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import { answerNodes, type NodeRequest, understood } from '@reckon/node-plane'
import type { ApiPorts } from '../ports.ts'

const waitMsMax = 3_000

/** What nodes ask for, a `T`, and the reply to it: empty where they get none. */
type Answered<T> = {
  subjectOf(node: string): string
  /** Throws SyntaxError at what it is not. */
  parse(data: Uint8Array): T
  replyTo(node: string, asked: T): Promise<object> | object
}

/**
 * Answers nodes as of the log's end, until the returned function is called: what they ask for alone may have been taken
 * from them a moment ago.
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
      // Anything but a refusal is a bug: rejected here it ends the process.
      if (!isRefusal(error)) throw error
    })
  })
}

const encode = (reply: object): Uint8Array => new TextEncoder().encode(JSON.stringify(reply))
