import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Bus, MalformedMessages, type Message } from '@reckon/eventing'
import { createMemoryHub } from '@reckon/eventing/memory'
import { type KubernetesObject, StatusError } from '@reckon/kubernetes'
import {
  type NodeChange,
  NodeKnowledge,
  type NodeListener,
  type NodeReport,
  nodeCredentials,
  nodePlaceOf,
  nodeRead,
  nodeReports,
  nodeSecret,
  nodeToken,
  parseReadPage,
  parseSecretReply,
  parseTokenReply,
  publicKeyAnnotation,
  type Report,
  type ReportReply,
  runNodeReader,
  tokenPlaceOf,
} from '@reckon/node-plane'
import { createMetrics, createNodeSealing, openNodeKey } from '@reckon/process'
import { inDefault, startedApi } from '../api.fixture.ts'
import { answerReads } from './read.ts'
import { answerReports } from './reports.ts'
import { answerSecrets } from './secrets.ts'
import { answerTokens } from './tokens.ts'
import { publishNodeWires } from './wire.ts'

const cause = { id: '00000000-0000-4000-8000-000000000001', correlationId: 'c' }
const node = (name: string) =>
  ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { phase: 'Running' } }) as never

let api: Awaited<ReturnType<typeof startedApi>>
let malformed: MalformedMessages
/** The wire as the agent of a node reaches it. */
const busOf = (name: string): Bus => api.hub.connect(undefined, nodeCredentials(name))
const stop = new AbortController()
let publishing: Promise<void>
const ends: (() => void)[] = []

before(async () => {
  api = await startedApi()
  api.ports.metrics = createMetrics()
  api.ports.nodeSealing = createNodeSealing()
  malformed = new MalformedMessages(api.ports.logger)
  const knowledge = new NodeKnowledge(api.ports.objects)
  ends.push(
    answerReads(api.ports, knowledge, malformed),
    answerSecrets(api.ports, knowledge, malformed),
    answerReports(api.ports, malformed),
    answerTokens(api.ports, malformed),
  )
  publishing = publishNodeWires(api.ports, knowledge, stop.signal)
})

after(async () => {
  stop.abort()
  await publishing
  for (const end of ends) end()
  await api.close()
  assert.deepEqual(api.errors, [])
})

async function report(from: string, said: Report): Promise<ReportReply> {
  const data = new TextEncoder().encode(JSON.stringify(said))
  const reply = await busOf(from).request(nodeReports(from), data, { timeoutMs: 5_000 })
  return JSON.parse(new TextDecoder().decode(reply.data))
}

async function boundPod(name: string, to: string) {
  const spec = { containers: [{ name: 'c', image: 'i' }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }
  const { json } = await api.ask('POST', inDefault('pods'), { body: pod })
  const target = { apiVersion: 'v1', kind: 'Binding', target: { name: to } }
  await api.ask('POST', `${inDefault('pods')}/${name}/binding`, { body: target })
  return { namespace: 'default', name, uid: json.metadata.uid ?? '' }
}

test('a node registers itself, and nobody else', async () => {
  const first = { type: 'Node', node: node('a'), bootId: 'first', number: 1 } as const
  assert.deepEqual(await report('a', first), { outcome: 'Recorded', boot: 1 })
  await api.ask('GET', '/api/v1/nodes')
  assert.deepEqual(await report('a', first), { outcome: 'Unchanged', boot: 1 })
  const other = await report('a', { ...first, node: node('b') })
  assert.equal(other.outcome, 'Refused')
  assert.equal((await api.ask('GET', '/api/v1/nodes/b')).code, 404)
})

test('a start of the agent is numbered, whichever message of it comes first or twice', async () => {
  const start = (bootId: string, number = 1, boot?: number): NodeReport => ({
    type: 'Node',
    node: node('counted'),
    bootId,
    number,
    ...(boot !== undefined && { boot }),
  })
  assert.deepEqual(await report('counted', start('one')), { outcome: 'Recorded', boot: 1 })
  const both = await Promise.all(['two', 'three'].map((id) => report('counted', start(id))))
  assert.deepEqual(new Set(both.map(({ boot }) => boot)), new Set([2, 3]))
  assert.equal((await report('counted', start('four'))).boot, 4)
  assert.deepEqual(await report('counted', start('four')), { outcome: 'Unchanged', boot: 4 })
  const old = await report('counted', start('one', 2, 1))
  assert.deepEqual([old.outcome, old.boot], ['Ignored', 4])
})

test('that Envoy refuses an Ingress is an event on it, once; only an edge may say so', async () => {
  const backend = { service: { name: 'web', port: { number: 80 } } }
  const ingress = {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'refused' } },
    spec: { defaultBackend: backend },
  }
  const path = '/apis/networking.k8s.io/v1/namespaces/default/ingresses'
  await api.ask('POST', path, { body: ingress })
  await report('edge', { type: 'Node', node: node('edge'), bootId: 'first', number: 1 })
  const about = { namespace: 'default', name: 'refused' }
  const said = { type: 'IngressRefused', ...about, message: 'no such regex' } as const
  assert.equal((await report('edge', said)).outcome, 'Refused')
  const type = 'application/merge-patch+json'
  const body = { metadata: { labels: { 'reckon.dev/edge': 'true' } } }
  await api.ask('PATCH', '/api/v1/nodes/edge', { type, body })
  for (const _ of [1, 2]) assert.equal((await report('edge', said)).outcome, 'Recorded')
  assert.equal((await report('edge', { ...said, name: 'none' })).outcome, 'Ignored')
  const fieldSelector = 'involvedObject.name=refused,involvedObject.kind=Ingress'
  const { json } = await api.ask('GET', `${inDefault('events')}?fieldSelector=${fieldSelector}`)
  const events = json.items as unknown as { reason: string; message: string }[]
  assert.deepEqual(
    events.map(({ reason, message }) => `${reason}: ${message}`),
    ['RouteRefused: no such regex'],
  )
})

test('what a node notices about a pod of its own is listed as an event of that pod, and of no other', async () => {
  const noted = await boundPod('noted', 'a')
  const note = { type: 'Warning', reason: 'FailedSync', message: 'it broke', count: 1 } as const
  const said = { type: 'PodStatus', ...noted, cause, boot: 1, status: {} } as const
  const say = (from: string, number: number, count: number) =>
    report(from, { ...said, number, notes: [{ ...note, count }] })
  const hostile = await say('b', 1, 1)
  assert.equal(hostile.outcome, 'Refused')
  for (const [number, count] of [
    [1, 1],
    [1, 1],
    [2, 2],
    [3, 3],
  ] as const) {
    assert.notEqual((await say('a', number, count)).outcome, 'Refused')
  }
  const fieldSelector = `involvedObject.uid=${noted.uid},source=kubelet`
  const { json } = await api.ask('GET', `${inDefault('events')}?fieldSelector=${fieldSelector}`)
  const events = json.items as unknown as { count: number; source: object; reason: string }[]
  assert.deepEqual(
    events.map(({ count, source, reason }) => [count, source, reason]),
    [[2, { component: 'kubelet', host: 'a' }, 'FailedSync']],
  )
})

test('an api that is behind asks the node to come again', async () => {
  const { ports } = api
  const behind = { ...ports.reader, waitForHead: async () => false } as typeof ports.reader
  const answered = Promise.withResolvers<ReportReply>()
  const bus = {
    subscribe(_subject: string, take: (message: Message) => void) {
      const said: Report = { type: 'PodGone', namespace: 'default', name: 'p', uid: 'p', cause }
      const respond = (data: Uint8Array) =>
        answered.resolve(JSON.parse(new TextDecoder().decode(data)))
      const data = new TextEncoder().encode(JSON.stringify(said))
      take({ subject: nodeReports('a'), headers: {}, data, reply: '_INBOX.a.1', respond })
      return () => {}
    },
  } as unknown as Bus
  answerReports({ ...ports, bus, reader: behind }, malformed)()
  assert.equal((await answered.promise).outcome, 'Busy')
})

test('a status is recorded once, in order, and only of the pods of that node', async () => {
  const pod = await boundPod('reported', 'a')
  const at = (number: number, phase: 'Pending' | 'Running', boot = 1) =>
    ({ type: 'PodStatus', ...pod, boot, number, status: { phase }, cause }) as const
  assert.equal((await report('a', at(2, 'Running'))).outcome, 'Recorded')
  await api.ask('GET', inDefault('pods'))
  assert.equal((await report('a', at(2, 'Running'))).outcome, 'Unchanged')
  assert.equal((await report('a', at(1, 'Pending'))).outcome, 'Unchanged')
  assert.equal((await report('b', at(3, 'Pending'))).outcome, 'Refused')
  const unknown = await report('a', { ...at(3, 'Pending'), uid: 'another' })
  assert.equal(unknown.outcome, 'Ignored')
  const { json } = await api.ask('GET', `${inDefault('pods')}/reported`)
  assert.equal((json.status as unknown as { phase: string }).phase, 'Running')
  const events = await Array.fromAsync(api.ports.log.readStream('pods-default/reported'))
  assert.equal(events.at(-1)?.metadata?.$causationId, cause.id)
  assert.equal(events.at(-1)?.metadata?.actor.user, 'system:node:a')
})

test('a deleted pod goes when its node says that its containers are gone', async () => {
  const pod = await boundPod('ending', 'a')
  await api.ask('DELETE', `${inDefault('pods')}/ending`)
  const { json } = await api.ask('GET', `${inDefault('pods')}/ending`)
  assert.ok(json.metadata.deletionTimestamp)
  assert.equal((await report('a', { type: 'PodGone', ...pod, cause })).outcome, 'Recorded')
  assert.equal((await api.ask('GET', `${inDefault('pods')}/ending`)).code, 404)
})

test('what is no report is refused', async () => {
  assert.equal((await report('a', { type: 'Other' } as never)).outcome, 'Refused')
  assert.equal((await report('a', { type: 'PodStatus', name: 'x' } as never)).outcome, 'Refused')
  const pod = await boundPod('odd', 'a')
  const status = { phase: 7 } as never
  const odd = { type: 'PodStatus', ...pod, boot: 1, number: 1, status, cause } as const
  assert.equal((await report('a', odd)).outcome, 'Refused')
})

test('what breaks the rules of a status is refused by the name of its field, counted, and changes nothing', async () => {
  const pod = await boundPod('forged', 'a')
  const forged = { type: 'PodStatus', ...pod, boot: 1, number: 1, cause } as const
  const before = await refusedCount()
  const status = { phase: 'Running', podIP: '10.244.2.9/24' }
  const { outcome, message } = await report('a', { ...forged, status })
  assert.equal(outcome, 'Refused')
  assert.match(message ?? '', /status.podIP: Invalid value: "10.244.2.9\/24"/)
  const labels = { 'node-role.kubernetes.io/control-plane': '' }
  const promoted = { ...(node('a') as object), metadata: { name: 'a', labels } } as never
  const said = { type: 'Node', node: promoted, bootId: 'first', number: 9 } as const
  assert.match((await report('a', said)).message ?? '', /is not allowed to modify labels/)
  assert.equal(await refusedCount(), before + 2)
  const { json } = await api.ask('GET', `${inDefault('pods')}/forged`)
  assert.equal((json.status as { podIP?: string }).podIP, undefined)
})

const refusedCount = async (): Promise<number> => {
  const metric = await api.ports.metrics
    ?.getSingleMetric('reckon_node_reports_refused_total')
    ?.get()
  return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0)
}

test('a node hears of its pod as soon as it is bound', async () => {
  const reading = new AbortController()
  const heard = Promise.withResolvers<string>()
  const first = Promise.withResolvers<string>()
  const reader = runNodeReader(
    { bus: busOf('a'), clock: api.ports.clock, log: api.ports.logger },
    { node: 'a', wire: 'Own' },
    {
      onState: ({ cluster }) => first.resolve(cluster),
      onChanges: (_position, [change]) => {
        if (change?.type === 'Upsert') heard.resolve(change.object.metadata.name)
      },
    },
    reading.signal,
  )
  assert.equal(await first.promise, api.ports.objects.cluster?.cluster)
  await boundPod('heard', 'a')
  assert.equal(await heard.promise, 'heard')
  reading.abort()
  await reader
})

test('a Secret reaches the nodes whose pods name it, and its value only who asks by name, sealed', async (context) => {
  const dir = await mkdtemp(join(tmpdir(), 'node-plane-'))
  context.after(() => rm(dir, { recursive: true }))
  const nodeKey = await openNodeKey(join(dir, 'node.key'))
  const keyed = (name: string) => ({
    ...(node(name) as object),
    metadata: { name, annotations: { [publicKeyAnnotation]: nodeKey.publicKey } },
  })
  await report('s', { type: 'Node', node: keyed('s') as never, bootId: 'b', number: 1 })
  const wire: string[] = []
  const bus = busOf('s')
  const unsubscribe = api.hub.connect().subscribe('>', ({ subject, data }) => {
    if (!subject.startsWith('events.')) wire.push(new TextDecoder().decode(data))
  })
  const ended = new AbortController()
  const values: string[] = []
  const seen = Promise.withResolvers<void>()
  const asking: Promise<void>[] = []
  const ask = async (known: KubernetesObject) => {
    const { namespace = '', name, resourceVersion } = known.metadata
    const asked = new TextEncoder().encode(JSON.stringify({ namespace, name }))
    const { data } = await bus.request(nodeSecret('s'), asked, { timeoutMs: 5_000 })
    const reply = parseSecretReply(data)
    if (reply.sealed === undefined || reply.resourceVersion !== resourceVersion) return
    const secret = JSON.parse(nodeKey.open(reply.sealed, nodePlaceOf('s', known)))
    values.push(Buffer.from(secret.data.password, 'base64').toString())
    if (values.at(-1) === 'value-two') seen.resolve()
  }
  const take = (changes: readonly NodeChange[]) => {
    for (const change of changes) {
      if (change.type !== 'Upsert' || change.resource !== 'secrets') continue
      assert.equal('data' in change.object, false)
      asking.push(ask(change.object))
    }
  }
  const listener: NodeListener = {
    onState: ({ objects }) => take(objects),
    onChanges: (_position, changes) => take(changes),
  }
  const reader = { bus, clock: api.ports.clock, log: api.ports.logger }
  const reading = runNodeReader(reader, { node: 's', wire: 'Own' }, listener, ended.signal)
  const metadata = { name: 'db' }
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    stringData: { password: 'value-one' },
  }
  await api.ask('POST', inDefault('secrets'), { body: secret })
  const envFrom = [{ secretRef: { name: 'db' } }]
  const spec = { containers: [{ name: 'c', image: 'i', envFrom }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'keyed' }, spec }
  await api.ask('POST', inDefault('pods'), { body: pod })
  const target = { apiVersion: 'v1', kind: 'Binding', target: { name: 's' } }
  await api.ask('POST', `${inDefault('pods')}/keyed/binding`, { body: target })
  const type = 'application/merge-patch+json'
  const body = { stringData: { password: 'value-two' } }
  await api.ask('PATCH', `${inDefault('secrets')}/db`, { type, body })
  await seen.promise
  await Promise.all(asking)
  const unnamed = new TextEncoder().encode(JSON.stringify({ namespace: 'default', name: 'db' }))
  const { data } = await busOf('a').request(nodeSecret('a'), unnamed, { timeoutMs: 5_000 })
  assert.deepEqual(parseSecretReply(data), {}, 'no pod of that node names it')
  ended.abort()
  await reading
  unsubscribe()
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  assert.ok(wire.length > 0)
  for (const hidden of ['value-one', 'value-two', base64('value-one'), base64('value-two')]) {
    assert.ok(!wire.some((message) => message.includes(hidden)))
  }
})

test('an api answers a read only as of the head of the log: without it, nothing counts as gone', async () => {
  const { ports } = api
  const knowledge = new NodeKnowledge(ports.objects)
  const hub = createMemoryHub()
  const own = { bus: hub.connect(), reader: Object.create(ports.reader), nodeGraceSeconds: 20 }
  const behind = { ...ports, ...own }
  let head: () => Promise<boolean> = async () => false
  behind.reader.waitForHead = () => head()
  const end = answerReads(behind, knowledge, malformed)
  const read = () => {
    const asked = new TextEncoder().encode(JSON.stringify({ wire: 'Own' }))
    const bus = hub.connect(undefined, nodeCredentials('a'))
    return Array.fromAsync(bus.requestMany(nodeRead('a'), asked, { timeoutMs: 1_000 }))
  }
  assert.deepEqual(await read(), [])
  head = async () => {
    throw new StatusError('ServiceUnavailable', 'the log is away')
  }
  assert.deepEqual(await read(), [])
  head = async () => true
  const [page, ...rest] = await read()
  assert.deepEqual(rest, [])
  assert.ok(page)
  assert.equal(parseReadPage(page.data).heartbeatSeconds, 5)
  end()
})

test('who asks for an answer elsewhere than in its own inbox gets none', async () => {
  const anybody = api.hub.connect()
  const heard: string[] = []
  const end = anybody.subscribe('>', ({ subject }) => heard.push(subject))
  const before = malformed.count
  const replies = ['events.namespaces', 'head.nodes.b', '_INBOX.b.1', '_INBOX.a', '_INBOX.a.>']
  for (const reply of replies) {
    for (const subject of [nodeRead('a'), nodeSecret('a'), nodeReports('a')]) {
      anybody.ask(subject, new TextEncoder().encode('{"wire":"Own"}'), reply)
    }
  }
  await busOf('a').request(nodeSecret('a'), new Uint8Array(), { timeoutMs: 5_000 })
  assert.deepEqual(
    heard.filter((subject) => replies.includes(subject)),
    [],
  )
  assert.ok(malformed.count >= before + 3 * replies.length)
  end()
})

test('a token is told to the node of the pod that asks for it, and to no other', async (context) => {
  const dir = await mkdtemp(join(tmpdir(), 'node-plane-'))
  context.after(() => rm(dir, { recursive: true }))
  const nodeKey = await openNodeKey(join(dir, 'node.key'))
  for (const name of ['t', 'u']) {
    const metadata = { name, annotations: { [publicKeyAnnotation]: nodeKey.publicKey } }
    const keyed = { ...(node(name) as object), metadata } as never
    await report(name, { type: 'Node', node: keyed, bootId: 'b', number: 1 })
  }
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }
  await api.ask('POST', inDefault('serviceaccounts'), { body: account })
  const { uid = '' } = await boundPod('tokened', 't')
  const ask = async (name: string, asked: object) => {
    const request = { namespace: 'default', name: 'tokened', uid, audience: '', ...asked }
    const data = new TextEncoder().encode(JSON.stringify(request))
    const reply = await busOf(name).request(nodeToken(name), data, { timeoutMs: 5_000 })
    const { sealed } = parseTokenReply(reply.data)
    return sealed && nodeKey.open(sealed, tokenPlaceOf(name, request))
  }
  const token = await ask('t', {})
  const says = await api.ports.tokenKey?.verify(token ?? '')
  assert.match(JSON.stringify(says), /"sub":"system:serviceaccount:default:default"/)
  assert.match(JSON.stringify(says), new RegExp(`"pod":{"name":"tokened","uid":"${uid}"}`))
  assert.equal(await ask('u', {}), undefined)
  assert.equal(await ask('t', { uid: 'another' }), undefined)
  assert.equal(await ask('t', { audience: 'vault' }), undefined)
})
