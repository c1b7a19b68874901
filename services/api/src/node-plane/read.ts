import type { NodeKnowledge, SealForNode } from '@reckon/domain'
import type { Message } from '@reckon/eventing'
import {
  type NodeReadPage,
  type NodeReadRequest,
  type NodeUpsert,
  nodePlaceOf,
  nodeRead,
} from '@reckon/node-plane'
import type { ApiPorts } from '../ports.ts'
import { nodeOf } from './reports.ts'

const waitMsMax = 3_000

/** Answers the reads of nodes, in pages that fit the wire, until the returned function is called. */
export function answerReads(ports: ApiPorts, knowledge: NodeKnowledge): () => void {
  const seal: SealForNode = (publicKey, node, secret) =>
    'data' in secret
      ? ports.nodeSealing?.seal(publicKey, JSON.stringify(secret), nodePlaceOf(node, secret))
      : undefined
  const answer = async (message: Message) => {
    const { atLeast } = requestIn(message)
    // A node that has heard more than this api has seen waits; after that it gets what there is, and asks again.
    if (atLeast !== undefined) await ports.reader.waitFor(atLeast, waitMsMax)
    const { cluster, position } = ports.objects
    if (cluster === undefined || position === undefined) return
    const { clusterCidr, serviceCidr, domain, clusterDns } = cluster.settings
    const settings = { clusterCidr, serviceCidr, domain, clusterDns }
    const about = { position: String(position), cluster: cluster.cluster, settings }
    for (const changes of pagesOf(
      knowledge.read(nodeOf(message), seal),
      ports.bus.payloadBytesMax / 2,
    )) {
      const page: NodeReadPage = { ...about, changes }
      message.respond(new TextEncoder().encode(JSON.stringify(page)))
    }
    message.respond(new Uint8Array())
  }
  return ports.bus.subscribe(
    nodeRead('*'),
    (message) =>
      void answer(message).catch((error: unknown) =>
        ports.logger.error({ err: error, subject: message.subject }, 'a node read failed'),
      ),
    { queue: 'api' },
  )
}

function requestIn(message: Message): { atLeast?: bigint } {
  try {
    const { atLeast }: NodeReadRequest = JSON.parse(new TextDecoder().decode(message.data))
    return atLeast === undefined ? {} : { atLeast: BigInt(atLeast) }
  } catch {
    // Whoever asks for nothing that can be understood gets what there is.
    return {}
  }
}

/** The objects in pages of about that many bytes; one at least, that the position may be told. */
function pagesOf(upserts: readonly NodeUpsert[], bytesMax: number): readonly NodeUpsert[][] {
  const pages: NodeUpsert[][] = [[]]
  let bytes = 0
  for (const upsert of upserts) {
    const size = Buffer.byteLength(JSON.stringify(upsert))
    if (bytes > 0 && bytes + size > bytesMax) {
      pages.push([])
      bytes = 0
    }
    pages.at(-1)?.push(upsert)
    bytes += size
  }
  return pages
}
