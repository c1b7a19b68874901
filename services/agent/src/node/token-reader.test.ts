import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silent } from '@reckon/eventing/bus'
import { createMemoryClock, createMemoryHub } from '@reckon/eventing/memory'
import type { Pod } from '@reckon/kubernetes'
import { type NodeTokenReply, nodeCredentials, nodeToken } from '@reckon/node-plane'
import type { AgentPorts } from '../agent-ports.ts'
import { ObjectCache } from './object-cache.ts'
import { TokenReader } from './token-reader.ts'

const cause = { id: 'i', correlationId: 'c' }
const podOf = (name: string, audience = ''): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name, uid: name, resourceVersion: '1' },
  spec: {
    containers: [],
    volumes: [
      { name: 'v', projected: { sources: [{ serviceAccountToken: { audience, path: 'token' } }] } },
    ],
  },
})

/** A node with pods, and an api that answers once it `knows` them; "sealed" is the text itself here. */
function connected(context: { after(end: () => Promise<void>): void }) {
  const clock = createMemoryClock()
  const hub = createMemoryHub({ clock })
  const [api, bus] = [hub.connect(), hub.connect('agent', nodeCredentials('a'))]
  const known = new ObjectCache()
  const state = { knows: true, issued: 0 }
  api.subscribe(nodeToken('a'), (message) => {
    const { name, audience } = JSON.parse(new TextDecoder().decode(message.data))
    const data = `${name}:${audience}:${++state.issued}`
    const sealed = { iv: 'i', tag: 't', ephemeral: 'e', data }
    const reply: NodeTokenReply = state.knows ? { lastsSeconds: 600, sealed } : {}
    message.respond(new TextEncoder().encode(JSON.stringify(reply)))
  })
  const nodeKey = { publicKey: 'k', open: ({ data }: { data: string }) => data }
  const ports = { bus, clock, log: silent, nodeKey } as unknown as AgentPorts
  const tokens = new TokenReader(ports, 'a', known)
  const told: string[] = []
  tokens.onToken = (podUid) => told.push(podUid)
  const stop = new AbortController()
  const running = tokens.run(stop.signal)
  context.after(async () => {
    stop.abort()
    await running
  })
  const publish = (...pods: Pod[]) =>
    known.listener('Own').onChanges(
      1n,
      pods.map((object) => ({ type: 'Upsert', resource: 'pods', object, cause })),
    )
  return { clock, tokens, told, state, publish, signal: stop.signal }
}

test('each token that a pod’s volumes ask for is held, and the next one before it expires', async (context) => {
  const { clock, tokens, told, publish } = connected(context)
  const pod = podOf('web', 'vault')
  publish(pod)
  await clock.advance(0)
  assert.equal(tokens.token(pod, 'vault'), 'web:vault:1')
  assert.equal(tokens.token(pod, ''), undefined)
  await clock.advance(479_000)
  assert.equal(tokens.token(pod, 'vault'), 'web:vault:1')
  await clock.advance(2_000)
  assert.equal(tokens.token(pod, 'vault'), 'web:vault:2')
  assert.deepEqual(told, ['web', 'web'])
})

test('a pod that starts waits for its token, but not for ever', async (context) => {
  const { clock, tokens, state, publish, signal } = connected(context)
  state.knows = false
  const pod = podOf('web')
  publish(pod)
  const order: string[] = []
  const first = tokens.arrived(pod, signal).then(() => order.push('gave up'))
  await clock.advance(3_000)
  await first
  const second = tokens.arrived(pod, signal).then(() => order.push('has it'))
  state.knows = true
  await clock.advance(5_000)
  await second
  assert.deepEqual(order, ['gave up', 'has it'])
  assert.match(tokens.token(pod, '') ?? '', /^web:/)
})
