import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findComponents } from '@reckon/bootstrap'
import { natsKeyOf } from '@reckon/eventing'
import { connectBus } from '@reckon/eventing/nats'
import { nodeHeartbeat } from '@reckon/node-plane'
import {
  findProcess,
  keepNatsConfiguration,
  layoutOf,
  natsUrl,
  prepareCluster,
  supervise,
} from '@reckon/supervisor'

const text = (data: Uint8Array) => new TextDecoder().decode(data)
const bytes = (message: string) => new TextEncoder().encode(message)

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('a node of another machine is let in by its key over TLS, renews that, and is out once it is taken away', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-joined-'))
  const layout = layoutOf(folder)
  const silent = () => undefined
  const requested = { runtime: 'simulated', advertise: '127.0.0.1' } as const
  const components = await findComponents()
  const { cluster, specs } = await prepareCluster(layout, requested, { components, report: silent })
  const stop = new AbortController()
  keepNatsConfiguration(layout, cluster, { report: silent, signal: stop.signal })
  const server = specs.filter(({ name }) => name === 'nats')

  const keyFile = join(folder, 'node.key')
  const drawKey = async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    await writeFile(`${keyFile}.new`, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await rename(`${keyFile}.new`, keyFile)
    return natsKeyOf(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))
  }
  const letIn = async (...keys: string[]) => {
    const nodes = keys.map((key) => ({ node: 'w1', key }))
    await writeFile(`${layout.joinedNodes}.new`, JSON.stringify(nodes))
    await rename(`${layout.joinedNodes}.new`, layout.joinedNodes)
  }
  const caFile = layout.certificate('ca')
  const servers = natsUrl(cluster)
  const first = await drawKey()
  await letIn(first)
  await until(() => readFileSync(layout.natsConfiguration, 'utf8').includes(first))
  const supervising = supervise(layout, server, silent, stop.signal)
  const node = await connectBus({ servers, name: 'w1', user: 'w1', keyFile, caFile })
  const foreignCa = await connectBus({
    ...{ servers, name: 'foreign', user: 'w1', keyFile },
    caFile: layout.certificate('client-signer'),
  })
  const password = cluster.passwords.api ?? ''
  const api = await connectBus({ servers, name: 'api', user: 'api', password, caFile })
  context.after(async () => {
    await Promise.all([node, foreignCa, api].map((bus) => bus.close()))
    stop.abort()
    await supervising
    const running = await findProcess(layout, 'nats')
    if (running) process.kill(running.pid)
    await running?.ended()
    await rm(folder, { recursive: true })
  })
  await until(() => node.connected && api.connected)
  assert.equal(foreignCa.connected, false)

  const heard: string[] = []
  api.subscribe(nodeHeartbeat('*'), ({ subject, data }) => heard.push(`${subject} ${text(data)}`))
  await api.flush()
  const saysThat = async (message: string) => {
    node.publish(nodeHeartbeat('node-1'), bytes(message))
    node.publish(nodeHeartbeat('w1'), bytes(message))
    await node.flush()
    await until(() => heard.length > 0)
    return heard.splice(0)
  }
  assert.deepEqual(await saysThat('by its first key'), ['nodes.w1.heartbeat by its first key'])

  const before = node.reconnects
  await letIn(await drawKey())
  await until(() => node.connected && node.reconnects > before)
  assert.deepEqual(await saysThat('by its next key'), ['nodes.w1.heartbeat by its next key'])

  await letIn()
  await until(() => !node.connected)
  assert.ok(api.connected)
})
