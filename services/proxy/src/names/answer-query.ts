import { type DnsAuthority, type DnsRecord, type DnsZone, resolveName } from '@reckon/routing'
import * as dns from 'dns-packet'
import { decodeMessage, ednsOf, encodeReply, type Query, responseCode } from './dns-message.ts'

/** Asks the servers outside; undefined when none of them answered, `NoServer` when there is none. */
export type Forward = (query: Buffer) => Promise<Buffer | 'NoServer' | undefined>

/** The TTL of answers, also of negative ones: short, since a restarted pod of a headless Service has a new address. */
const ttlSeconds = 5

/**
 * Answers a query from the zone or, where the zone is not responsible, by asking outside. Undefined for what is not a
 * query. `turn` rotates addresses, for clients that always take the first.
 */
export async function answerQuery(
  raw: Buffer,
  zone: DnsZone,
  ports: { forward: Forward; turn: number },
): Promise<Buffer | undefined> {
  const query = decodeMessage(raw)
  if (query?.type !== 'query') return undefined
  const [question, ...more] = query.questions ?? []
  if (question === undefined) return undefined
  const code = refusalOf(query, question, more)
  if (code !== undefined) return encodeReply(query, { code })

  const found = resolveName(zone, question)
  if (found.outcome === 'Outside') {
    const answer = await ports.forward(raw)
    if (answer instanceof Buffer) return answer
    const code = answer === 'NoServer' ? responseCode.noSuchName : responseCode.serverFailure
    return encodeReply(query, { code })
  }
  const authorities = [wireRecord({ ...zone.authority, name: zone.domain })]
  if (found.outcome === 'NoSuchName') {
    return encodeReply(query, { code: responseCode.noSuchName, authorities })
  }
  const answers = rotate(found.answers, ports.turn).map(wireRecord)
  if (found.alias !== undefined) {
    const further = await resolveAlias({ ...question, name: found.alias }, query, ports.forward)
    if (further === undefined) return encodeReply(query, { code: responseCode.serverFailure })
    return encodeReply(query, { answers: [...answers, ...further] })
  }
  if (answers.length === 0) return encodeReply(query, { authorities })
  return encodeReply(query, { answers, additionals: found.additionals.map(wireRecord) })
}

/** Why a query is refused, whatever it asks for (RFC 6891, RFC 9619). */
function refusalOf(
  query: Query,
  question: dns.Question,
  more: readonly dns.Question[],
): number | undefined {
  if (query.opcode !== 'QUERY') return responseCode.notImplemented
  if ((ednsOf(query)?.ednsVersion ?? 0) !== 0) return responseCode.badVersion
  if (more.length > 0) return responseCode.formatError
  return question.class === 'IN' ? undefined : responseCode.refused
}

async function resolveAlias(
  question: dns.Question,
  query: Query,
  forward: Forward,
): Promise<dns.Answer[] | undefined> {
  const packet = { type: 'query' as const, id: query.id ?? 0, flags: dns.RECURSION_DESIRED }
  const answer = await forward(dns.encode({ ...packet, questions: [question] }))
  return answer instanceof Buffer ? (decodeMessage(answer)?.answers ?? undefined) : undefined
}

function wireRecord(record: DnsRecord): dns.Answer {
  const common = { name: record.name, ttl: ttlSeconds }
  switch (record.type) {
    case 'A':
      return { ...common, type: 'A', data: record.address }
    case 'TXT':
      return { ...common, type: 'TXT', data: record.text }
    case 'SRV': {
      const data = { priority: 0, weight: 100, port: record.port, target: record.target }
      return { ...common, type: 'SRV', data }
    }
    case 'SOA':
      return { ...common, type: 'SOA', data: authorityData(record) }
    default:
      return { ...common, type: record.type, data: record.target }
  }
}

const authorityData = ({ server, contact }: DnsAuthority): dns.SoaData => ({
  mname: server,
  rname: contact,
  serial: 1,
  refresh: 7200,
  retry: 1800,
  expire: 86_400,
  minimum: ttlSeconds,
})

function rotate(records: readonly DnsRecord[], turn: number): readonly DnsRecord[] {
  if (records.length < 2 || records.some(({ type }) => type !== 'A')) return records
  const start = turn % records.length
  return [...records.slice(start), ...records.slice(0, start)]
}
