import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import {
  clusterStream,
  type DataKeyCreated,
  defaultSettings,
  keyStream,
  metadataOf,
  Objects,
  type Origin,
} from '@reckon/domain'
import { createFollower, createReader, type EventLog, type Reader, Relay } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { createFileSnapshots } from '@reckon/eventing/files'
import { connectBus } from '@reckon/eventing/nats'
import { type KubernetesObject, namespaces, type Secret, secrets } from '@reckon/kubernetes'
import { systemClock, systemIds } from '@reckon/process'
import { createVault } from '@reckon/process/trusted'
import { changeObject, createObject, deleteObject, WriterView } from '@reckon/writing'
import { type EventStoreProcess, eventStoreProcess } from './event-store-process.ts'
import { type NatsServer, natsServer } from './nats-server.ts'

const ada: Origin = { actor: { user: 'ada' }, verb: 'test' }
const target = { resource: secrets, namespace: 'default', name: 'db' }
const vault = createVault(randomBytes(32))

let store: EventStoreProcess
let nats: NatsServer
let log: EventLog
let folder: string
before(async () => {
  ;[store, nats] = await Promise.all([eventStoreProcess(), natsServer()])
  await Promise.all([store.start(), nats.start()])
  log = await openEventStore(store.url, { name: 'secrets-at-rest' })
  folder = await mkdtemp(join(tmpdir(), 'secrets-at-rest-'))
})
after(async () => {
  await log.close()
  await nats.kill()
  await store.remove()
  await rm(folder, { recursive: true })
})

/** A service with a view of the objects, its snapshots in a folder of that name; `stop` ends it as SIGTERM would. */
async function service(context: TestContext, name: string) {
  const ended = new AbortController()
  const bus = await connectBus({ servers: nats.url, name })
  const objects = new Objects(vault)
  const snapshots = { store: createFileSnapshots(join(folder, name)), name }
  const reader: Reader = createReader({ log, bus, clock: systemClock }, [objects], { snapshots })
  const runs = reader.run(ended.signal)
  await reader.ready
  const stop = async () => {
    ended.abort()
    await runs
    await bus.close()
  }
  context.after(stop)
  const known = new WriterView(objects)
  const ports = { log, clock: systemClock, ids: systemIds, known, reader }
  return { ports, objects, reader, stop }
}

/** Every message of the wire from now on, as text. */
async function captured(context: TestContext) {
  const bus = await connectBus({ servers: nats.url, name: 'capture' })
  const messages: string[] = []
  bus.subscribe('>', ({ subject, data }) => {
    messages.push(`${subject} ${new TextDecoder('latin1').decode(data)}`)
  })
  await bus.flush()
  context.after(() => bus.close())
  return messages
}

async function relayed(context: TestContext): Promise<void> {
  const stop = new AbortController()
  const bus = await connectBus({ servers: nats.url, name: 'relay' })
  const feeding = { log, bus, clock: systemClock, ids: systemIds }
  const reader = createFollower(feeding, [])
  const relay = new Relay({ ...feeding, reader })
  const runs = Promise.all([reader.run(stop.signal), relay.run(stop.signal)])
  context.after(async () => {
    stop.abort()
    await runs
    await bus.close()
  })
}

const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))

const found = (texts: readonly string[], needles: readonly string[]): string[] =>
  needles.filter((needle) => texts.some((text) => text.includes(needle)))

/** The value as it may stand somewhere: plain, and in base64 whatever stands before it. */
function formsOf(value: string): string[] {
  const shifted = ['', 'x', 'xx'].map((before) =>
    Buffer.from(before + value)
      .toString('base64')
      .slice(4, -4),
  )
  return [value, Buffer.from(value).toString('base64'), ...shifted]
}

async function foundCluster(): Promise<void> {
  const id = randomUUID()
  const data = { cluster: randomUUID(), settings: defaultSettings }
  const metadata = metadataOf(ada, id, Date.now())
  await log.append(clusterStream, 'NoStream', [{ id, type: 'ClusterFounded', data, metadata }])
}

test('a Secret stands nowhere in clear: not in the store, the snapshots or on the wire', async (context) => {
  await foundCluster()
  const messages = await captured(context)
  await relayed(context)
  const api = await service(context, 'api')
  const caughtUp = async () => assert.ok(await api.reader.waitForHead(3000))
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } }
  const resource = namespaces
  await createObject(api.ports, { resource, object: namespace, origin: ada })
  await caughtUp()

  const [first, second] = [`value-${randomUUID()}`, `value-${randomUUID()}`]
  const large = `value-${randomUUID()}`
  const applied = { 'kubectl.kubernetes.io/last-applied-configuration': first }
  const created = await createObject(api.ports, {
    resource: secrets,
    object: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', namespace: 'default', annotations: applied },
      stringData: { password: first, large: large.repeat(5000) },
    } as KubernetesObject,
    origin: ada,
  })
  const uid = created.stored.object.metadata.uid ?? ''
  await caughtUp()
  const change = (object: KubernetesObject) => ({ ...object, stringData: { password: second } })
  const changed = await changeObject(api.ports, { target, change, origin: ada })
  await caughtUp()
  const snapshot = api.objects.get(secrets, 'default', 'db')
  const known = snapshot?.object as Secret | undefined
  assert.equal(known?.data?.password, Buffer.from(second).toString('base64'))

  const isHidden = (moment: string) => {
    const hidden = [first, second, large].flatMap(formsOf)
    const texts = [...filesBelow(store.dataDir), ...filesBelow(folder), ...messages]
    assert.deepEqual(found(texts, hidden), [], moment)
  }
  await api.stop()
  isHidden('while it lives')
  const [key] = await Array.fromAsync(log.readStream(keyStream(uid)))
  const { wrapped } = (key?.data ?? {}) as DataKeyCreated
  assert.deepEqual(found(filesBelow(store.dataDir), [wrapped]), [wrapped])
  assert.deepEqual(found(messages, ['SecretCreated', 'SecretChanged', wrapped]).length, 3)
  assert.equal(found(filesBelow(folder), ['secrets-default/db']).length, 1)

  const restarted = await service(context, 'api')
  const fresh = await service(context, 'fresh')
  for (const { objects } of [restarted, fresh]) {
    assert.deepEqual(objects.get(secrets, 'default', 'db'), snapshot)
    assert.deepEqual(objects.get(secrets, 'default', 'db')?.object, changed.stored.object)
  }

  await deleteObject(restarted.ports, { target, origin: ada })
  assert.ok(await restarted.reader.waitForHead(3000))
  assert.ok(await fresh.reader.waitForHead(3000))
  await Promise.all([restarted.stop(), fresh.stop()])
  isHidden('once it is deleted')
  assert.deepEqual(found(filesBelow(folder), [wrapped]), [])
  assert.deepEqual(found(filesBelow(store.dataDir), [wrapped]), [])
  assert.deepEqual(found(filesBelow(folder), [wrapped]), [])
  const later = await service(context, 'later')
  assert.equal(later.objects.get(secrets, 'default', 'db'), undefined)
})
