import * as dns from 'dns-packet'

/** Constants of RFC 1035 and RFC 6891. */
export const responseCode = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  noSuchName: 3,
  notImplemented: 4,
  refused: 5,
  badVersion: 16,
} as const

/** The size of a datagram that no network will fragment (DNS flag day 2020). */
const ednsBytesMax = 1232
const plainBytesMax = 512

export type Query = dns.DecodedPacket & { opcode?: string }

export type Reply = {
  code?: number
  answers?: dns.Answer[]
  authorities?: dns.Answer[]
  additionals?: dns.Answer[]
}

/** Parses a message; undefined where it is not DNS, since anyone can send anything to a port. */
export function decodeMessage(raw: Buffer): Query | undefined {
  try {
    return dns.decode(raw)
  } catch {
    return undefined
  }
}

/** The message's EDNS option, if it has one. */
export function ednsOf({ additionals = [] }: dns.Packet): dns.OptAnswer | undefined {
  for (const record of additionals) if (record.type === 'OPT') return record
  return undefined
}

/** The answer to a query, with its additional records. */
export function encodeReply(query: Query, reply: Reply): Buffer {
  const { code = responseCode.noError, additionals = [], ...sections } = reply
  const asked = (query.flags ?? 0) & dns.RECURSION_DESIRED
  return dns.encode({
    id: query.id ?? 0,
    type: 'response',
    flags: dns.AUTHORITATIVE_ANSWER | dns.RECURSION_AVAILABLE | asked | (code & 0xf),
    questions: query.questions ?? [],
    ...sections,
    additionals: ednsOf(query) ? [...additionals, ednsOption(code)] : additionals,
  })
}

/**
 * As much of an answer as fits into the client's datagram, marked as truncated unless only additional records are
 * missing.
 */
export function fittingAnswer(answer: Buffer, query: Buffer): Buffer {
  if (answer.length <= plainBytesMax) return answer
  const bytesMax = datagramBytesMax(query)
  if (answer.length <= bytesMax) return answer
  const decoded = dns.decode(answer)
  const { flags = 0, additionals: _, ...packet } = decoded
  const option = ednsOf(decoded)
  const records = [...(packet.answers ?? [])]
  const upTo = (count: number): Buffer =>
    dns.encode({
      ...packet,
      flags: count < records.length ? flags | dns.TRUNCATED_RESPONSE : flags,
      answers: records.slice(0, count),
      authorities: count < records.length ? [] : (packet.authorities ?? []),
      additionals: option ? [option] : [],
    })
  let [fits, tooMany] = [0, records.length + 1]
  while (tooMany - fits > 1) {
    const count = Math.floor((fits + tooMany) / 2)
    if (upTo(count).length <= bytesMax) fits = count
    else tooMany = count
  }
  return upTo(fits)
}

/** The largest datagram that the sender of a query accepts. */
function datagramBytesMax(raw: Buffer): number {
  const query = decodeMessage(raw)
  const stated = (query && ednsOf(query)?.udpPayloadSize) ?? plainBytesMax
  return Math.min(Math.max(stated, plainBytesMax), ednsBytesMax)
}

const ednsOption = (code: number): dns.OptAnswer => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize: ednsBytesMax,
  extendedRcode: code >> 4,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
})
