import { Readable } from 'node:stream'
import type { Clock } from '@reckon/eventing'
import type { KubernetesObject } from '@reckon/kubernetes'
import type { FastifyReply } from 'fastify'
import { jsonParts } from './json-parts.ts'
import { asksForYaml } from './media-types.ts'
import type { ListMeta, Representation } from './representation.ts'
import { yamlOfList } from './yaml-text.ts'
import { yieldBetween } from './yield-between.ts'

/** The minimum size of a piece, except for the last one; an object is never split. */
const pieceBytes = 256 * 1024

/** Answers with one object. */
export function sendObject(
  reply: FastifyReply,
  representation: Representation,
  object: KubernetesObject,
): FastifyReply {
  reply.header('content-type', 'application/json')
  return reply.send(representation.object(object))
}

/** An object of a list, with its JSON where that is at hand: then to look into it may cost parsing it. */
export type ListItem = { readonly object: KubernetesObject; readonly json?: Buffer | undefined }

/** What is sent as a list. */
export type SentList = { items: readonly ListItem[]; meta: ListMeta }

/**
 * Answers with a list. A long list is sent in pieces, each made when the client has taken the previous ones and other
 * requests have been served, so that it delays nobody and is never in memory as a whole.
 */
export function sendList(
  { reply, clock }: { reply: FastifyReply; clock: Clock },
  representation: ListRepresentation,
  sent: SentList,
): FastifyReply {
  const isYaml = asksForYaml(reply.request.headers.accept)
  reply.header('content-type', isYaml ? 'application/yaml' : 'application/json')
  return sendParts({ reply, clock }, (isYaml ? yamlOf : jsonOfList)(representation, sent))
}

/** As `sendList`, with a value of plain objects and arrays. */
export function sendValue(to: { reply: FastifyReply; clock: Clock }, value: object): FastifyReply {
  to.reply.header('content-type', 'application/json')
  return sendParts(
    to,
    Iterator.from(jsonParts(value)).map((part) => Buffer.from(part)),
  )
}

function sendParts(
  { reply, clock }: { reply: FastifyReply; clock: Clock },
  parts: Iterable<Buffer>,
): FastifyReply {
  const pieces = gathered(parts)
  const first = pieces.next().value ?? Buffer.alloc(0)
  const second = pieces.next().value
  if (second === undefined) return reply.send(first)
  const all = yieldBetween(clock, [first, second], pieces)
  return reply.send(Readable.from(all, { objectMode: false, highWaterMark: pieceBytes }))
}

const comma = Buffer.from(',')

/** Joins the parts of an answer to pieces. */
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

type ListRepresentation = Pick<Representation, 'item' | 'list' | 'isShownAs'>

function* jsonOfList(representation: ListRepresentation, { items, meta }: SentList) {
  const { before, after } = representation.list(meta)
  yield before
  for (const [index, item] of items.entries()) {
    if (index > 0) yield comma
    yield shown(representation, item)
  }
  yield after
}

function yamlOf(representation: ListRepresentation, { items, meta }: SentList) {
  const { before, after } = representation.list(meta)
  const each = items.values().map((item) => shown(representation, item))
  return yamlOfList(`${before}${after}`, each)
}

function shown({ item, isShownAs }: ListRepresentation, each: ListItem): Buffer {
  const { json } = each
  return json && isShownAs?.(json) ? json : item(each.object)
}
