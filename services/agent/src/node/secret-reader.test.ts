import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silent } from '@reckon/eventing/bus'
import { createMemoryClock, createMemoryHub } from '@reckon/eventing/memory'
import type { KubernetesObject } from '@reckon/kubernetes'
import { type NodeSecretReply, nodeCredentials, nodeSecret, SecretReader } from '@reckon/node-plane'
import { ObjectCache } from './object-cache.ts'

const cause = { id: 'i', correlationId: 'c' }
const secret = (name: string, version: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: 'default', name, uid: name, resourceVersion: version },
})

/** A node that knows of Secrets, and an api that answers for each what `values` holds; "sealed" is base64 here. */
function connected(context: { after(end: () => Promise<void>): void }) {
  const clock = createMemoryClock()
  const hub = createMemoryHub({ clock })
  const [api, bus] = [hub.connect(), hub.connect('agent', nodeCredentials('a'))]
  const known = new ObjectCache()
  const values = new Map<string, { version: string; object: KubernetesObject }>()
  const asked: string[] = []
  api.subscribe(nodeSecret('a'), (message) => {
    const { name } = JSON.parse(new TextDecoder().decode(message.data))
    asked.push(name)
    const value = values.get(name)
    const data = value && Buffer.from(JSON.stringify(value.object)).toString('base64')
    const reply: NodeSecretReply =
      value && data
        ? { resourceVersion: value.version, sealed: { iv: 'i', tag: 't', ephemeral: 'e', data } }
        : {}
    message.respond(new TextEncoder().encode(JSON.stringify(reply)))
  })
  const nodeKey = {
    publicKey: 'k',
    open: ({ data }: { data: string }) => Buffer.from(data, 'base64').toString(),
  }
  const ports = { bus, clock, log: silent, nodeKey }
  const stop = new AbortController()
  const running = new SecretReader(ports, 'a', known).run(stop.signal)
  context.after(async () => {
    stop.abort()
    await running
  })
  const publish = (...objects: KubernetesObject[]) =>
    known.listener('Own').onChanges(
      1n,
      objects.map((object) => ({ type: 'Upsert', resource: 'secrets', object, cause })),
    )
  const give = (name: string, version: string, value: string) => {
    const object = { ...secret(name, version), data: { value } }
    values.set(name, { version, object })
  }
  return { clock, known, asked, publish, give }
}

test('the value of each Secret is asked for by name, and of one that changed its alone', async (context) => {
  const { clock, known, asked, publish, give } = connected(context)
  for (const name of ['one', 'two']) give(name, '5', 'old')
  publish(secret('one', '5'), secret('two', '5'))
  assert.equal(known.secret('default', 'one'), undefined)
  await clock.advance(0)
  assert.deepEqual(known.secret('default', 'one')?.data, { value: 'old' })
  give('two', '6', 'new')
  publish(secret('two', '6'))
  await clock.advance(0)
  assert.deepEqual(known.secret('default', 'two')?.data, { value: 'new' })
  assert.deepEqual(asked, ['one', 'two', 'two'])
})

test('what is not told yet is asked for again, and a value of another version is not taken', async (context) => {
  const { clock, known, asked, publish, give } = connected(context)
  publish(secret('one', '5'))
  await clock.advance(100)
  assert.deepEqual(asked, ['one'])
  give('one', '6', 'newer than what the node knows')
  await clock.advance(1_000)
  assert.equal(known.secret('default', 'one'), undefined)
  give('one', '5', 'right')
  await clock.advance(5_000)
  assert.deepEqual(known.secret('default', 'one')?.data, { value: 'right' })
})
