import { Readable } from 'node:stream'
import type { Clock } from '@reckon/eventing'
import type { KubernetesObject } from '@reckon/kubernetes'
import type { FastifyReply } from 'fastify'
import { inTurns } from './in-turns.ts'
import { asksForYaml } from './media-types.ts'
import type { ListMeta, Representation } from './representation.ts'
import { yamlOfList } from './yaml-text.ts'

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
 * Answers a list. A long one is sent in pieces, each made when the client has taken those before and others had their
 * turn, so that it holds up nobody and is never in memory as a whole.
 */
export function sendList(
  { reply, clock }: { reply: FastifyReply; clock: Clock },
  representation: ListRepresentation,
  sent: SentList,
): FastifyReply {
  const isYaml = asksForYaml(reply.request.headers.accept)
  reply.header('content-type', isYaml ? 'application/yaml' : 'application/json')
  const pieces = gathered((isYaml ? yamlOf : jsonOfList)(representation, sent))
  const first = pieces.next().value ?? Buffer.alloc(0)
  const second = pieces.next().value
  if (second === undefined) return reply.send(first)
  const all = inTurns(clock, [first, second], pieces)
  return reply.send(Readable.from(all, { objectMode: false, highWaterMark: pieceBytes }))
}

const comma = Buffer.from(',')

/** An answer's parts, gathered to pieces. */
function* gathered(all: Iterable<Buffer>): Generator<Buffer, undefined> {
  let parts: Buffer[] = []
  let bytes = 0
  for (const part of all) {
    parts.push(part)
    bytes += part.length
    if (bytes < pieceBytes) continue
    yield Buffer.concat(parts)
    parts = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(parts)
}

type ListRepresentation = Pick<Representation, 'item' | 'list'>

function* jsonOfList({ item, list }: ListRepresentation, { objects, meta }: SentList) {
  const { before, after } = list(meta)
  yield before
  for (const [index, object] of objects.entries()) {
    if (index > 0) yield comma
    yield item(object)
  }
  yield after
}

function yamlOf({ item, list }: ListRepresentation, { objects, meta }: SentList) {
  const { before, after } = list(meta)
  return yamlOfList(`${before}${after}`, objects.values().map(item))
}
