import { Readable } from 'node:stream'
import type { Clock } from '@reckon/eventing'
import type { KubernetesObject } from '@reckon/kubernetes'
import type { FastifyReply } from 'fastify'
import { inTurns } from './in-turns.ts'
import type { ListMeta, Representation } from './representation.ts'

/** A piece is at least so long, or the last; an object is in one piece. */
const pieceBytes = 256 * 1024

/** Answers one object. */
export function sendObject(
  reply: FastifyReply,
  representation: Representation,
  object: KubernetesObject,
): FastifyReply {
  reply.header('content-type', 'application/json')
  return reply.send(representation.object(object))
}

/** What is sent as a list. */
export type SentList = { objects: readonly KubernetesObject[]; meta: ListMeta }

/**
 * Answers a list. A long one is sent in pieces, each made when the client has taken those before and others had their turn,
 * so that it holds up nobody and is never in memory as a whole.
 */
export function sendList(
  { reply, clock }: { reply: FastifyReply; clock: Clock },
  representation: Pick<Representation, 'item' | 'list'>,
  { objects, meta }: SentList,
): FastifyReply {
  reply.header('content-type', 'application/json')
  const pieces = piecesOfList(representation, objects, meta)
  const first = pieces.next().value ?? Buffer.alloc(0)
  const second = pieces.next().value
  if (second === undefined) return reply.send(first)
  const all = inTurns(clock, [first, second], pieces)
  return reply.send(Readable.from(all, { objectMode: false, highWaterMark: pieceBytes }))
}

const comma = Buffer.from(',')

function* piecesOfList(
  representation: Pick<Representation, 'item' | 'list'>,
  objects: readonly KubernetesObject[],
  meta: ListMeta,
): Generator<Buffer, undefined> {
  const { before, after } = representation.list(meta)
  let parts = [before]
  let bytes = before.length
  for (const [index, object] of objects.entries()) {
    if (index > 0) parts.push(comma)
    const item = representation.item(object)
    parts.push(item)
    bytes += item.length + 1
    if (bytes < pieceBytes) continue
    yield Buffer.concat(parts)
    parts = []
    bytes = 0
  }
  parts.push(after)
  yield Buffer.concat(parts)
}
