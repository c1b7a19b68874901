import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DnsZone, dnsZone, type RoutedService } from '@reckon/routing'
import * as dns from 'dns-packet'
import { answerQuery, datagramBytesMax, type Forward, truncated } from './answer-query.ts'

const service = (name: string, over: Partial<RoutedService>): [string, RoutedService] => [
  `default/${name}`,
  { namespace: 'default', name, clusterIPs: [], ports: [], endpoints: [], ...over },
]
const zone: DnsZone = dnsZone(
  new Map([
    service('web', { clusterIPs: ['10.96.0.7'] }),
    service('out', { externalName: 'example.test' }),
    service('db', {
      endpoints: Array.from({ length: 60 }, (_, index) => ({
        address: `10.244.1.${index}`,
        hostname: `db-${index}`,
        ports: [],
      })),
    }),
  ]),
  { domain: 'cluster.local', cidrs: [] },
)

const question = (name: string, type: dns.RecordType = 'A', over: Partial<dns.Packet> = {}) =>
  dns.encode({
    id: 7,
    type: 'query',
    flags: dns.RECURSION_DESIRED,
    questions: [{ name, type, class: 'IN' }],
    ...over,
  })
const nowhere: Forward = async () => undefined
async function ask(query: Buffer, forward: Forward = nowhere, turn = 0) {
  const answer = await answerQuery(query, zone, { forward, turn })
  assert.ok(answer)
  const packet = dns.decode(answer)
  return { ...packet, code: (packet.flags ?? 0) & 0xf }
}
const data = (packet: dns.Packet) =>
  packet.answers?.map((answer) => ('data' in answer ? answer.data : undefined))

test('a name of the cluster is answered, with authority and for a short time', async () => {
  const answer = await ask(question('web.default.svc.cluster.local'))
  assert.equal(answer.id, 7)
  assert.deepEqual(data(answer), ['10.96.0.7'])
  assert.equal(answer.flag_aa, true)
})

test('a type that the name lacks, known or not, is an empty answer with its SOA', async () => {
  for (const type of ['AAAA', 'UNKNOWN_65'] as dns.RecordType[]) {
    const answer = await ask(question('web.default.svc.cluster.local', type))
    assert.equal(answer.code, 0)
    assert.deepEqual(answer.answers, [])
    assert.equal(answer.authorities?.[0]?.type, 'SOA')
  }
  assert.equal((await ask(question('no.default.svc.cluster.local'))).code, 3)
})

test('an outside name is asked outside: its answer as it is, no answer a failure, no server no such name', async () => {
  const outside = question('example.test')
  const reply = dns.encode({ id: 7, type: 'response', questions: [], answers: [] })
  assert.equal(await answerQuery(outside, zone, { forward: async () => reply, turn: 0 }), reply)
  assert.equal((await ask(outside)).code, 2)
  assert.equal((await ask(outside, async () => 'NoServer')).code, 3)
})

test('an ExternalName is followed outside', async () => {
  const forward: Forward = async (query) => {
    const { id = 0, questions = [] } = dns.decode(query)
    const answers: dns.Answer[] = [{ type: 'A', name: questions[0]?.name ?? '', data: '192.0.2.1' }]
    return dns.encode({ id, type: 'response', questions, answers })
  }
  const answer = await ask(question('out.default.svc.cluster.local'), forward)
  assert.deepEqual(data(answer), ['example.test', '192.0.2.1'])
})

test('addresses take turns at being the first', async () => {
  const query = question('db.default.svc.cluster.local')
  const firsts = await Promise.all(
    [0, 1, 60].map(async (turn) => data(await ask(query, nowhere, turn))?.[0]),
  )
  assert.deepEqual(firsts, ['10.244.1.0', '10.244.1.1', '10.244.1.0'])
})

test('an answer too long for a datagram is cut, and says so', async () => {
  const query = question('db.default.svc.cluster.local')
  const answer = await answerQuery(query, zone, { forward: nowhere, turn: 0 })
  assert.ok(answer && answer.length > datagramBytesMax(query))
  const cut = dns.decode(truncated(answer))
  assert.equal(cut.flag_tc, true)
  assert.deepEqual(cut.answers, [])
  const option = { type: 'OPT', name: '.', udpPayloadSize: 4096, flags: 0, options: [] }
  const edns = question('db.default.svc.cluster.local', 'A', {
    additionals: [option as unknown as dns.Answer],
  })
  assert.equal(datagramBytesMax(edns), 1232)
  const withOption = await ask(edns)
  assert.equal(withOption.additionals?.[0]?.type, 'OPT')
})

test('what is no query gets no answer', async () => {
  const ports = { forward: nowhere, turn: 0 }
  assert.equal(await answerQuery(Buffer.from('nonsense'), zone, ports), undefined)
  const response = dns.encode({ id: 7, type: 'response', questions: [] })
  assert.equal(await answerQuery(response, zone, ports), undefined)
})
