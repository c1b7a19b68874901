import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DnsZone, dnsZone, type RoutedService } from '@reckon/routing'
import * as dns from 'dns-packet'
import { answerQuery, type Forward } from './answer-query.ts'
import { fittingAnswer } from './dns-message.ts'

const service = (name: string, over: Partial<RoutedService>): [string, RoutedService] => [
  `default/${name}`,
  { namespace: 'default', name, clusterIPs: [], ports: [], endpoints: [], ...over },
]
const zone: DnsZone = dnsZone(
  new Map([
    service('web', { clusterIPs: ['10.96.0.7'] }),
    service('out', { externalName: 'example.test' }),
    service('srv', {
      endpoints: Array.from({ length: 3 }, (_, index) => ({
        address: `10.244.2.${index}`,
        hostname: `a-rather-long-name-${index}`,
        ports: [{ name: 'p', protocol: 'TCP', port: 80 }],
      })),
    }),
    service('db', {
      endpoints: Array.from({ length: 60 }, (_, index) => ({
        address: `10.244.1.${index}`,
        hostname: `db-${index}`,
        ports: [],
      })),
    }),
  ]),
  {
    domain: 'cluster.local',
    clusterCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/16',
    clusterDns: '169.254.20.10',
  },
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

const option = (over: object = {}): dns.Answer => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize: 4096,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
  ...over,
})

test('of an answer too long for a datagram what fits is given, with the option, and it is said that there is more', async () => {
  const query = question('db.default.svc.cluster.local')
  const answer = await answerQuery(query, zone, { forward: nowhere, turn: 0 })
  assert.ok(answer)
  const plain = fittingAnswer(answer, query)
  const cut = dns.decode(plain)
  assert.ok(plain.length > 480 && plain.length <= 512, String(plain.length))
  assert.equal(cut.flag_tc, true)
  assert.ok(cut.answers && cut.answers.length < 60 && cut.answers.length > 0)

  const asked = question('db.default.svc.cluster.local', 'A', { additionals: [option()] })
  const full = await answerQuery(asked, zone, { forward: nowhere, turn: 0 })
  assert.ok(full && full.length > 1232)
  const edns = fittingAnswer(full, asked)
  assert.ok(edns.length > 1200 && edns.length <= 1232, String(edns.length))
  assert.deepEqual(
    dns.decode(edns).additionals?.map(({ type }) => type),
    ['OPT'],
  )
})

test('an answer that lacks only what nobody asked for is whole', async () => {
  const query = question('_p._tcp.srv.default.svc.cluster.local', 'SRV')
  const answer = await answerQuery(query, zone, { forward: nowhere, turn: 0 })
  assert.ok(answer && answer.length > 512)
  const cut = dns.decode(fittingAnswer(answer, query))
  assert.equal(cut.flag_tc, false)
  assert.deepEqual([cut.answers?.length, cut.additionals?.length], [3, 0])
})

test('another version of EDNS, foreign classes and several questions are refused', async () => {
  const name = 'web.default.svc.cluster.local'
  const future = await ask(question(name, 'A', { additionals: [option({ ednsVersion: 1 })] }))
  const [said] = future.additionals ?? []
  assert.ok(said?.type === 'OPT')
  assert.deepEqual([future.code, said.extendedRcode, said.ednsVersion], [0, 1, 0])
  const chaos = question(name, 'TXT', { questions: [{ name, type: 'TXT', class: 'CH' }] })
  assert.equal((await ask(chaos)).code, 5)
  const one = { name, type: 'A', class: 'IN' } as const
  assert.equal((await ask(question(name, 'A', { questions: [one, one] }))).code, 1)
})

test('the zone has an authority, a server and a version', async () => {
  const types = async (name: string, type: dns.RecordType) =>
    (await ask(question(name, type))).answers?.map((answer) => answer.type)
  assert.deepEqual(await types('cluster.local', 'SOA'), ['SOA'])
  assert.deepEqual(await types('cluster.local', 'NS'), ['NS'])
  const version = await ask(question('dns-version.cluster.local', 'TXT'))
  assert.deepEqual(data(version), [[Buffer.from('1.1.0')]])
})

test('what is no query gets no answer', async () => {
  const ports = { forward: nowhere, turn: 0 }
  assert.equal(await answerQuery(Buffer.from('nonsense'), zone, ports), undefined)
  const response = dns.encode({ id: 7, type: 'response', questions: [] })
  assert.equal(await answerQuery(response, zone, ports), undefined)
})
