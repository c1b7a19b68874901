import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { inboxOf } from '@reckon/eventing'
import { layoutOf, natsConfiguration, natsUsers, settleClusterFile } from '@reckon/supervisor'
import { connect, type NatsConnection } from 'nats'

let folder: string
let server: ChildProcess
let connectAs: (user: string, password?: string) => Promise<NatsConnection>
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-nats-'))
  const cluster = await settleClusterFile(
    layoutOf(folder),
    { runtime: 'simulated', nodes: 2 },
    () => undefined,
  )
  const file = join(folder, 'nats-server.conf')
  await writeFile(file, natsConfiguration(natsUsers(cluster)))
  server = spawn(
    'nats-server',
    ['--addr', '127.0.0.1', '--port', String(cluster.ports.nats), '-c', file],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await new Promise<void>((resolve) => {
    server.stderr?.on('data', (text) => {
      if (String(text).includes('Server is ready')) resolve()
    })
  })
  connectAs = (user, password = cluster.passwords[user] ?? '') =>
    connect({
      servers: `127.0.0.1:${cluster.ports.nats}`,
      user,
      pass: password,
      inboxPrefix: inboxOf(user),
      reconnect: false,
    })
})
after(async () => {
  server.kill('SIGKILL')
  await once(server, 'exit')
  await rm(folder, { recursive: true })
})

/** Whether the server lets this user hear the subject. */
async function mayHear(user: string, subject: string): Promise<boolean> {
  const connection = await connectAs(user)
  const refused = new Promise<boolean>((resolve) => {
    connection.subscribe(subject, { callback: (error) => resolve(error !== null) })
  })
  // Refusals come before the answer to a later ping.
  const answer = await Promise.race([refused, connection.flush().then(() => false)])
  await connection.close()
  return !answer
}

test('without the right password nobody gets in', async () => {
  await assert.rejects(connectAs('api', 'wrong'))
  await assert.rejects(connectAs('nobody', ''))
})

test('the trusted services hear the log, a node never does', async () => {
  for (const user of ['scheduler', 'replicator']) {
    assert.ok(await mayHear(user, 'events.all'), user)
  }
  for (const user of ['api', 'scheduler', 'replicator']) {
    assert.ok(await mayHear(user, 'head.events'), user)
  }
  assert.equal(await mayHear('node-1', 'events.all'), false)
  assert.equal(await mayHear('node-1', 'head.events'), false)
})

test('a node hears and says only what is its own', async () => {
  assert.ok(await mayHear('node-1', 'nodes.node-1.events'))
  assert.ok(await mayHear('node-1', 'shared.applied'))
  assert.equal(await mayHear('node-1', 'applied.*'), false)
  assert.equal(await mayHear('node-1', 'nodes.node-2.events'), false)
  assert.equal(await mayHear('node-1', '_INBOX.node-2.>'), false)
  const [api, node] = [await connectAs('api'), await connectAs('node-1')]
  const heard: string[] = []
  api.subscribe('nodes.*.reports', { callback: (_, { subject }) => heard.push(subject) })
  await api.flush()
  node.publish('nodes.node-2.reports')
  node.publish('nodes.node-1.reports')
  await node.flush()
  await api.flush()
  assert.deepEqual(heard, ['nodes.node-1.reports'])
  await Promise.all([api.close(), node.close()])
})
