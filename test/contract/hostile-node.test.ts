import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { noteIn, noteRecorded } from '@reckon/domain'
import { decodeFrames, encodeFrames } from '@reckon/eventing'
import { nodeCredentials, parseChanges } from '@reckon/node-plane'
import { natsUsers } from '@reckon/supervisor'
import { connect, headers, type NatsConnection } from 'nats'
import { type NatsServer, natsServer } from './nats-server.ts'
import { servicesOnNats } from './services-on-nats.ts'

const passwordOf = (user: string): string => `password of ${user}`
const users = ['api', 'scheduler', 'replicator', 'node-1', 'node-2', 'spy']
const passwords = Object.fromEntries(users.map((user) => [user, passwordOf(user)]))
/** Hears everything, so that the test sees what reached the wire. */
const spyUser = {
  user: 'spy',
  permissions: { publish: ['spy.>', '_INBOX.node-1.>'], subscribe: ['>'] },
}
/** Stands in whatever the hostile node says. */
const marker = 'said-by-the-hostile-node'
const own = nodeCredentials('node-1').permissions.publish.map((each) => each.replace('*', 'some'))

let nats: NatsServer
let services: Awaited<ReturnType<typeof servicesOnNats>>
let spy: NatsConnection
let hostile: NatsConnection
const seen: { subject: string; reply: string | undefined; text: string; data: Uint8Array }[] = []
let attempts = 0

const as = (user: string): Promise<NatsConnection> =>
  connect({
    servers: nats.url,
    user,
    pass: passwordOf(user),
    inboxPrefix: `_INBOX.${user}`,
    reconnect: false,
  })

before(async () => {
  nats = await natsServer([
    ...natsUsers({ nodes: 2, passwords }),
    { ...spyUser, password: passwordOf('spy') },
  ])
  await nats.start()
  services = await servicesOnNats(nats.url, { nodes: ['node-1', 'node-2'], passwordOf })
  spy = await as('spy')
  spy.subscribe('>', {
    callback: (_, { subject, reply, data }) =>
      seen.push({ subject, reply, data, text: new TextDecoder().decode(data) }),
  })
  await spy.flush()
  hostile = await as('node-1')
  while ((await services.ask('GET', '/api/v1/nodes')).json.items?.length !== 2) await sleep(50)
})
after(async () => {
  await hostile.close()
  await spy.close()
  await services.close()
  await nats.kill()
})

/** Everything that was said before has reached the spy, and whoever had to answer has had the time to. */
async function settled(from: NatsConnection): Promise<void> {
  await from.flush()
  await sleep(100)
  await spy.flush()
}

/** A forged event as the trusted services' wire would bring it, with what nodes' wires and heads say. */
function forged() {
  const metadata = { actor: { user: marker }, verb: 'x', time: '', $correlationId: marker }
  const event = { id: marker, type: 'NamespaceDeleted', stream: 'namespaces-/default' }
  const changes = [{ type: 'Remove', resource: 'pods', namespace: 'default', name: 'web', uid: '' }]
  const said = { ...event, revision: '9', data: { patch: [] }, metadata, changes }
  const position = 2n ** 62n
  const content = Buffer.from(JSON.stringify({ ...said, position: String(position), marker }))
  return encodeFrames([{ position, previous: undefined, content }])
}

const trustedWire = ['events.all', 'events.pods', 'events.a.b.c', 'head.events']
const others = [
  ...trustedWire,
  ...['head.shared', 'head.nodes.node-1', 'head.nodes.node-2', 'shared.events', 'shared.applied'],
  ...['events', 'read', 'secret', 'reports', 'heartbeat', 'usage', 'streams', 'streams.some'].map(
    (what) => `nodes.node-2.${what}`,
  ),
  ...[
    'nodes.node-1.events',
    'nodes.node-1.streams',
    'nodes.node-1',
    'nodes.node-1.reports.more',
    'NODES.node-1.reports',
  ],
  ...['applied.node-2', 'terms.scheduler', 'terms.replicator', 'terms.api', 'nodes.node-12.read'],
  ...['api', 'scheduler', 'replicator', 'node-2', 'node-1'].map((user) => `_INBOX.${user}.x`),
  ...['>', '*', 'events.>', 'events.*', 'nodes.*.reports', 'nodes.>', '*.*.*', 'applied.*'],
  ...['$SYS.REQ.SERVER.PING', '$SYS.REQ.USER.INFO', '$JS.API.INFO'],
]

test('a node publishes on nothing but its own subjects', async () => {
  for (const subject of others) {
    attempts++
    hostile.publish(subject, forged())
  }
  await settled(hostile)
  assert.deepEqual(
    seen.filter(({ text }) => text.includes(marker)).map(({ subject }) => subject),
    [],
  )
})

test('a node hears nothing that is not its own', async () => {
  const patterns = [
    ...['events.>', 'events.*', 'events.all', 'head.>', 'head.*', 'head.events', 'head.nodes.>'],
    ...['head.nodes.node-2', 'nodes.>', 'nodes.*.events', 'nodes.*.reports', 'nodes.*.*'],
    ...['nodes.node-1.reports', 'nodes.node-2.events', 'nodes.node-2.read', 'applied.*'],
    ...['applied.>', 'applied.node-2', 'terms.*', 'terms.>', '>', '*', '*.*', '*.*.*', 'shared.>'],
    ...['_INBOX.>', '_INBOX.*', '_INBOX.*.>', '_INBOX.api.>', '_INBOX.node-2.>', '$SYS.>', '$JS.>'],
  ]
  const heard: string[] = []
  let refused = 0
  const listen = (pattern: string, queue?: string) => {
    attempts++
    hostile.subscribe(pattern, {
      ...(queue && { queue }),
      callback: (error, message) => (error ? refused++ : heard.push(message.subject)),
    })
  }
  for (const pattern of patterns) listen(pattern)
  // As one of the apis, so that it would get what other nodes ask.
  for (const what of ['read', 'secret', 'reports']) listen(`nodes.*.${what}`, 'api')
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'talk', namespace: 'default' } }
  const spec = { containers: [{ name: 'c', image: 'i' }] }
  await services.ask('POST', '/api/v1/namespaces/default/pods', { ...pod, spec })
  await sleep(1500)
  assert.equal(refused, patterns.length + 3)
  assert.deepEqual(heard, [])
})

const replies = [
  ...['events.hostile', 'events.all', 'head.hostile', 'head.nodes.node-2', 'head.events'],
  ...['shared.events', 'nodes.node-2.events', 'nodes.node-2.reports', 'applied.node-2'],
  ...['terms.replicator', '_INBOX.node-2.x', '_INBOX.api.x', '_INBOX.scheduler.x'],
  ...['_INBOX.node-1', '_INBOX.node-12.x', '_INBOX', 'nodes.node-1.events', 'spy.x'],
]

function isFrames(data: Uint8Array, parse = (content: Uint8Array): unknown => content): boolean {
  for (const { content } of decodeFrames(data)) if (content) parse(content)
  return true
}

/** What the services say themselves on subjects that a reply was asked for on. */
const isTheirOwn = ({ subject, text, data, reply }: (typeof seen)[number]): boolean =>
  (subject.startsWith('head.') && /^\{"position":"\d+"(,"relay":"[0-9a-f-]+")?\}$/.test(text)) ||
  (subject === 'events.all' && isFrames(data) && !text.includes(marker)) ||
  (subject.endsWith('.events') && isFrames(data, parseChanges)) ||
  (subject.endsWith('.reports') && text.startsWith('{"type":') && reply !== undefined) ||
  (subject.startsWith('terms.') && reply !== undefined)

test('nobody answers elsewhere than into the inbox of the node itself', async () => {
  const asked = ['{"wire":"Own"}', '{"namespace":"default","name":"s"}', '{}', 'null', '']
  const from = seen.length
  for (const subject of own) {
    for (const reply of replies) {
      attempts++
      for (const data of asked) hostile.publish(subject, data, { reply })
    }
  }
  await settled(hostile)
  await sleep(500)
  const answers = seen.slice(from).filter((each) => replies.includes(each.subject))
  assert.deepEqual(
    answers.filter((each) => !isTheirOwn(each)),
    [],
  )
})

test('a message that asks for an answer gives nobody the right to publish it', async () => {
  const heard = new Promise<void>((resolve) => {
    hostile.subscribe('_INBOX.node-1.asked', {
      callback: (_, message) => {
        message.respond(forged())
        hostile.publish('events.all', forged())
        resolve()
      },
    })
  })
  await hostile.flush()
  attempts++
  spy.publish('_INBOX.node-1.asked', 'x', { reply: 'events.all' })
  await heard
  await settled(hostile)
  assert.equal(seen.filter(({ text }) => text.includes(marker)).length, 0)
})

test('what a node may say has no effect where it makes no sense', async () => {
  const senseless = [
    ...['', 'null', '7', '[]', '{}', '"x"', '{', '\0', '{"type":"Node"}', '{"type":"PodGone"}'],
    ...['{"position":"x"}', '{"position":null}', '{"position":-1}', '{"bootId":7}', '{"wire":7}'],
    ...[`{"position":"${'9'.repeat(5000)}"}`, '{"__proto__":{"wire":"Own"}}', '{"wire":"Trusted"}'],
    '{"type":"PodStatus","namespace":"default","name":"talk","uid":"x","boot":1e300,"number":1}',
    `{"type":"Node","node":{"metadata":{"name":"node-2"}},"bootId":"${marker}","number":1}`,
    JSON.stringify({ type: 'Node', node: { metadata: { name: 'node-1' }, status: 7 } }),
  ]
  for (const subject of own) {
    for (const data of senseless) {
      attempts++
      hostile.publish(subject, data, { reply: '_INBOX.node-1.answers' })
      const order = headers()
      order.set('Position', 'x')
      hostile.publish(subject, data, { headers: order })
    }
  }
  await settled(hostile)
  assert.deepEqual(await services.ended(), [])
})

test('line ends in a subject, a reply or a name are no commands', async () => {
  const port = Number(new URL(nats.url).port)
  const socket = connectSocket({ host: '127.0.0.1', port })
  await once(socket, 'data')
  const said: string[] = []
  socket.on('data', (data) => said.push(String(data)))
  const body = `{"marker":"${marker}"}`
  const publish = (line: string) => `PUB ${line} ${body.length}\r\n${body}\r\n`
  const login = { user: 'node-1', pass: passwordOf('node-1'), verbose: false, pedantic: false }
  socket.write(
    `CONNECT ${JSON.stringify({ ...login, headers: true, lang: 'raw', version: '1' })}\r\n`,
  )
  const lines = [
    ...trustedWire.map(publish),
    publish('nodes.node-1.reports events.all'),
    publish('nodes.node-1.read\tevents.all'),
    publish('nodes.node-1.heartbeat \t events.all'),
    'SUB events.> 1\r\n',
    'SUB nodes.node-2.events api 2\r\n',
    `HPUB events.all 12 ${12 + body.length}\r\nNATS/1.0\r\n\r\n${body}\r\n`,
  ]
  for (const line of lines) {
    attempts++
    socket.write(line)
  }
  socket.write('PING\r\n')
  await sleep(300)
  socket.destroy()
  assert.equal(said.join('').match(/Permissions Violation/g)?.length, trustedWire.length + 3)
  await settled(hostile)
  const reached = seen.filter(({ text }) => text.includes(marker)).map(({ subject }) => subject)
  assert.deepEqual(
    reached.filter((subject) => !own.includes(subject)),
    [],
  )
  const wanted = 'x.events 0\r\n\r\nPUB events.all 0\r\n\r\n'
  for (const name of [wanted, 'a\nb', 'a b', '*', '>', 'node-2.>']) {
    attempts++
    const binding = { apiVersion: 'v1', kind: 'Binding', target: { name } }
    const path = '/api/v1/namespaces/default/pods/talk/binding'
    assert.equal((await services.ask('POST', path, binding)).code, 422)
  }
})

test('only api publishes on the trusted wire, on the heads and on the wires of nodes', async () => {
  for (const user of ['scheduler', 'replicator', 'node-1', 'node-2']) {
    const connection = await as(user)
    const subjects = [...trustedWire, 'head.shared', 'head.nodes.node-2', 'shared.events']
    for (const subject of [...subjects, 'shared.applied', 'nodes.node-2.events', '_INBOX.api.x']) {
      attempts++
      connection.publish(subject, forged())
    }
    await settled(connection)
    await connection.close()
  }
  const reached = seen.filter(({ text }) => text.includes(marker)).map(({ subject }) => subject)
  assert.deepEqual(
    reached.filter((subject) => !own.includes(subject)),
    [],
  )
})

test('after all that no process has ended, the log holds nothing of it, and the cluster works', async () => {
  assert.ok(attempts >= 50, `${attempts} attempts`)
  assert.deepEqual(await services.ended(), [])
  const events = await Array.fromAsync(services.log.readAll())
  assert.equal(
    JSON.stringify(events.map(({ data, metadata }) => [data, metadata])).includes(marker),
    false,
  )
  const ofNode = events.filter(({ metadata }) => metadata?.actor.user === 'system:node:node-1')
  assert.deepEqual(
    ofNode.filter(
      ({ stream }) => !/^(nodes-\/node-1|pods-default\/|podcidrs-|notes-)/.test(stream),
    ),
    [],
  )
  const noted = ofNode.filter(({ type }) => type === noteRecorded)
  for (const each of noted)
    assert.equal(noteIn(each).involvedObject.name, 'talk', 'a pod of its own')
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'after', namespace: 'default' } }
  const spec = { nodeName: 'node-2', containers: [{ name: 'c', image: 'i' }] }
  const path = '/api/v1/namespaces/default/pods'
  assert.equal((await services.ask('POST', path, { ...pod, spec })).code, 201)
  for (;;) {
    const { json } = await services.ask('GET', `${path}/after`)
    if (json.status?.phase === 'Running') break
    await sleep(50)
  }
  const warned = services.warnings.filter(({ message }) => message.includes('makes no sense'))
  const said = warned.map(({ fields }) => JSON.stringify(fields))
  assert.ok(warned.length > 0)
  assert.equal(new Set(said).size, said.length, 'each kind and sender once')
})
