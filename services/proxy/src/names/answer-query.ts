import { type DnsRecord, type DnsZone, resolveName } from '@reckon/routing'
import * as dns from 'dns-packet'

/**
 * Asks the servers outside; undefined when none of them answered. `NoServer` when there is none to
 * ask.
 */
export type Forward = (query: Buffer) => Promise<Buffer | 'NoServer' | undefined>

const responseCode = { noError: 0, serverFailure: 2, noSuchName: 3, notImplemented: 4 }

/**
 * How long an answer may be kept: short, since a restarted pod of a headless Service has a new
 * address.
 */
const ttlSeconds = 5
const ednsBytesMax = 1232

/**
 * Answers a query from the zone, and by asking outside where the zone is not the place. Undefined
 * for what is no question at all. `turn` rotates addresses, for clients that always take the first.
 */
export async function answerQuery(
  raw: Buffer,
  zone: DnsZone,
  ports: { forward: Forward; turn: number },
): Promise<Buffer | undefined> {
  const query = decode(raw)
  const [question] = query?.questions ?? []
  if (query?.type !== 'query' || question === undefined) return undefined
  if (query.opcode !== 'QUERY') return reply(query, { code: responseCode.notImplemented })

  const found = resolveName(zone, question)
  if (found.outcome === 'Outside') {
    const answer = await ports.forward(raw)
    if (answer instanceof Buffer) return answer
    const code = answer === 'NoServer' ? responseCode.noSuchName : responseCode.serverFailure
    return reply(query, { code })
  }
  const authorities = [authority(zone.domain)]
  if (found.outcome === 'NoSuchName') {
    return reply(query, { code: responseCode.noSuchName, authorities })
  }
  const answers = rotate(found.answers, ports.turn).map(wireRecord)
  if (found.alias !== undefined) {
    const further = await resolveAlias({ ...question, name: found.alias }, query, ports.forward)
    if (further === undefined) return reply(query, { code: responseCode.serverFailure })
    return reply(query, { answers: [...answers, ...further] })
  }
  if (answers.length === 0) return reply(query, { authorities })
  return reply(query, { answers, additionals: found.additionals.map(wireRecord) })
}

/** An answer too large for its transport, cut so that the client asks again by TCP. */
export function truncated(answer: Buffer): Buffer {
  const { id, flags = 0, questions = [] } = dns.decode(answer)
  const packet = { id: id ?? 0, type: 'response' as const, questions }
  return dns.encode({ ...packet, flags: flags | dns.TRUNCATED_RESPONSE })
}

/** The most bytes that the sender of a query takes in one datagram. */
export function datagramBytesMax(raw: Buffer): number {
  const option = decode(raw)?.additionals?.find((record) => record.type === 'OPT')
  const stated = option?.type === 'OPT' ? option.udpPayloadSize : 512
  return Math.min(Math.max(stated, 512), ednsBytesMax)
}

function decode(raw: Buffer): (dns.DecodedPacket & { opcode?: string }) | undefined {
  try {
    return dns.decode(raw)
  } catch {
    // Anyone can send anything to a port; what is no DNS gets no answer.
    return undefined
  }
}

async function resolveAlias(
  question: dns.Question,
  query: dns.DecodedPacket,
  forward: Forward,
): Promise<dns.Answer[] | undefined> {
  const packet = { type: 'query' as const, id: query.id ?? 0, flags: dns.RECURSION_DESIRED }
  const answer = await forward(dns.encode({ ...packet, questions: [question] }))
  return answer instanceof Buffer ? (decode(answer)?.answers ?? undefined) : undefined
}

type Reply = {
  code?: number
  answers?: dns.Answer[]
  authorities?: dns.Answer[]
  additionals?: dns.Answer[]
}

function reply(
  query: dns.DecodedPacket,
  { code = 0, additionals = [], ...sections }: Reply,
): Buffer {
  const edns = query.additionals?.some((record) => record.type === 'OPT')
  const asked = (query.flags ?? 0) & dns.RECURSION_DESIRED
  return dns.encode({
    id: query.id ?? 0,
    type: 'response',
    flags: dns.AUTHORITATIVE_ANSWER | dns.RECURSION_AVAILABLE | asked | code,
    questions: query.questions ?? [],
    ...sections,
    additionals: edns ? [...additionals, ednsOption] : additionals,
  })
}

const ednsOption: dns.Answer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: ednsBytesMax,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
}

function authority(domain: string): dns.Answer {
  return {
    type: 'SOA',
    name: domain,
    ttl: ttlSeconds,
    data: {
      mname: `ns.dns.${domain}`,
      rname: `hostmaster.${domain}`,
      serial: 1,
      refresh: 7200,
      retry: 1800,
      expire: 86_400,
      minimum: ttlSeconds,
    },
  }
}

function wireRecord(record: DnsRecord): dns.Answer {
  const common = { name: record.name, ttl: ttlSeconds }
  if (record.type === 'A') return { ...common, type: 'A', data: record.address }
  if (record.type !== 'SRV') return { ...common, type: record.type, data: record.target }
  const data = { priority: 0, weight: 100, port: record.port, target: record.target }
  return { ...common, type: 'SRV', data }
}

function rotate(records: readonly DnsRecord[], turn: number): readonly DnsRecord[] {
  if (records.length < 2 || records.some(({ type }) => type !== 'A')) return records
  const start = turn % records.length
  return [...records.slice(start), ...records.slice(0, start)]
}
