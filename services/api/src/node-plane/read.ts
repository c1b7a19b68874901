import type { MalformedMessages } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import {
  answerNodes,
  heartbeatSecondsFor,
  type NodeKnowledge,
  type NodeReadPage,
  type NodeRequest,
  type NodeUpsert,
  nodeRead,
  parseReadRequest,
  understood,
} from '@reckon/node-plane'
import type { ApiPorts } from '../ports.ts'

const waitMsMax = 3_000
const end = new Uint8Array()

/**
 * Answers the reads of nodes, in pages that fit the wire, until the returned function is called. They are answered only
 * as of the head of the log, since whatever an api that is behind does not know yet would be taken for deleted. While
 * the log is away, there is no answer.
 */
export function answerReads(
  ports: ApiPorts,
  knowledge: NodeKnowledge,
  malformed: MalformedMessages,
): () => void {
  const shared = new SharedPages(knowledge)
  const bytesMax = ports.bus.payloadBytesMax / 2
  const { nodeGraceSeconds } = ports
  const often = nodeGraceSeconds && { heartbeatSeconds: heartbeatSecondsFor(nodeGraceSeconds) }
  const answer = async ({ node, subject, data, respond }: NodeRequest) => {
    const asked = understood(malformed, { subject, data }, parseReadRequest)
    if (asked === undefined) return respond(end)
    if (!(await ports.reader.waitForHead(waitMsMax))) return respond(end)
    const { cluster, position } = ports.objects
    if (cluster === undefined || position === undefined) return respond(end)
    const pages =
      asked.wire === 'Shared' ? shared.pages(bytesMax) : pagesOf(knowledge.readOwn(node), bytesMax)
    const read = ports.ids.next()
    const { clusterCidr, serviceCidr, domain, clusterDns } = cluster.settings
    const settings = { clusterCidr, serviceCidr, domain, clusterDns }
    const about = { read, position: String(position), cluster: cluster.cluster, settings, ...often }
    for (const [index, changes] of pages.entries()) {
      respond(encode({ ...about, page: index + 1, pages: pages.length }, changes))
    }
    respond(end)
  }
  return answerNodes({ bus: ports.bus, malformed }, nodeRead, (request) => {
    void answer(request).catch((error: unknown) => {
      request.respond(end)
      // Anything but a refusal is a bug that concerns every node: rejecting here ends the process.
      if (!isRefusal(error)) throw error
    })
  })
}

/** What all nodes share is encoded once per change: all may ask at once. */
class SharedPages {
  readonly #knowledge: NodeKnowledge
  #asOf: bigint | undefined
  #pages: readonly string[] = []

  constructor(knowledge: NodeKnowledge) {
    this.#knowledge = knowledge
  }

  pages(bytesMax: number): readonly string[] {
    if (this.#asOf !== this.#knowledge.lastShared) {
      this.#asOf = this.#knowledge.lastShared
      this.#pages = pagesOf(this.#knowledge.readShared(), bytesMax)
    }
    return this.#pages
  }
}

/** The objects as JSON, in pages of about that many bytes; at least one page, because it carries the position. */
function pagesOf(upserts: readonly NodeUpsert[], bytesMax: number): readonly string[] {
  const pages: string[][] = [[]]
  let bytes = 0
  for (const upsert of upserts) {
    const text = JSON.stringify(upsert)
    const size = Buffer.byteLength(text)
    if (bytes > 0 && bytes + size > bytesMax) {
      pages.push([])
      bytes = 0
    }
    pages.at(-1)?.push(text)
    bytes += size
  }
  return pages.map((page) => `[${page.join()}]`)
}

/** Builds a page from changes that are already JSON. */
function encode(page: Omit<NodeReadPage, 'changes'>, changes: string): Uint8Array {
  const text = JSON.stringify(page)
  return new TextEncoder().encode(`${text.slice(0, -1)},"changes":${changes}}`)
}
