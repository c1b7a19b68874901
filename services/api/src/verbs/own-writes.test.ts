import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { connectedTo } from '../http-client.fixture.ts'

/** A client of an api whose view stands still from now on, and what that api asks the log beside appending. */
async function clientOfTrailingApi(t: { after(end: () => Promise<void>): void }) {
  const log = createMemoryEventLog()
  const asked = { streams: 0, heads: 0 }
  let held = Promise.resolve()
  const over: EventLog = {
    ...log,
    async *readAll(options) {
      await held
      yield* log.readAll(options)
    },
    async *follow(...given) {
      await held
      yield* log.follow(...given)
    },
    readStream(...given) {
      asked.streams++
      return log.readStream(...given)
    },
    head() {
      asked.heads++
      return log.head()
    },
  }
  const api = await startedApi({ over, lagMs: Number.POSITIVE_INFINITY })
  const client = await connectedTo(api.app)
  const { promise, resolve: release } = Promise.withResolvers<void>()
  held = promise
  t.after(async () => {
    client.close()
    release()
    await api.close()
  })
  const forget = () => Object.assign(asked, { streams: 0, heads: 0 })
  forget()
  const eventsOf = (stream: string) => Array.fromAsync(log.readStream(stream))
  return { ...client, eventsOf, asked, forget }
}

test('patches that take turns all have their effect, and none reads the log', async (t) => {
  const { ask, eventsOf, asked } = await clientOfTrailingApi(t)
  await ask('POST', inDefault('configmaps'), configMap('turns'))
  const path = `${inDefault('configmaps')}/turns`
  for (let turn = 0; turn < 300; turn++) {
    const k = turn % 2 === 0 ? 'on' : '0'
    const { code, json } = await ask('PATCH', path, { data: { k } })
    assert.deepEqual([code, json.data], [200, { k }])
  }
  assert.equal((await eventsOf('configmaps-default/turns')).length, 301)
  assert.deepEqual(asked, { streams: 0, heads: 0 })
})

test('what is posted into a namespace right after it is taken, and the log is not read', async (t) => {
  const { ask, asked } = await clientOfTrailingApi(t)
  for (let n = 0; n < 100; n++) {
    const metadata = { name: `team-${n}` }
    const made = await ask('POST', '/api/v1/namespaces', { metadata })
    assert.equal(made.code, 201)
    const path = `/api/v1/namespaces/team-${n}/configmaps`
    const { code, why } = await ask('POST', path, configMap('first'))
    assert.equal(code, 201, why)
  }
  assert.deepEqual(asked, { streams: 0, heads: 0 })
})

for (const [plural, made] of [
  ['configmaps', configMap('again')],
  ['secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'again' } }],
  [
    'services',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'again' },
      spec: { clusterIP: '10.96.0.99', type: 'NodePort', ports: [{ port: 80, nodePort: 30099 }] },
    },
  ],
] as const) {
  test(`${plural} are made, deleted and made again, and what was written is at hand`, async (t) => {
    const { ask, asked } = await clientOfTrailingApi(t)
    const uids = new Set<string | undefined>()
    for (let n = 0; n < 100; n++) {
      const { code, json, why } = await ask('POST', inDefault(plural), made)
      assert.equal(code, 201, why)
      uids.add(json.metadata.uid)
      const deleted = await ask('DELETE', `${inDefault(plural)}/again`)
      assert.equal(deleted.code, 200, deleted.why)
    }
    assert.equal(uids.size, 100)
    // Who reserves something looks at the object's stream, once: from then on its end is at hand.
    assert.deepEqual(asked, { streams: plural === 'services' ? 1 : 0, heads: 0 })
  })
}

test('a change that changes nothing, and a refusal, cost one look at the stream', async (t) => {
  const { ask, asked, forget } = await clientOfTrailingApi(t)
  await ask('POST', inDefault('configmaps'), configMap('same'))
  const path = `${inDefault('configmaps')}/same`
  for (const [method, url, body, code] of [
    ['PATCH', path, { data: { k: 'v' } }, 200],
    ['POST', inDefault('configmaps'), configMap('same'), 409],
    ['DELETE', `${path}-not`, undefined, 404],
    ['PUT', path, configMap('same', { resourceVersion: '1' }), 409],
    ['DELETE', path, { preconditions: { uid: 'another' } }, 409],
  ] as const) {
    forget()
    const answer = await ask(method, url, body)
    assert.equal(answer.code, code, `${method} ${url}: ${answer.why}`)
    assert.deepEqual(asked, { streams: 1, heads: 0 }, `${method} ${url}`)
  }
})

test('what can be refused by the request alone costs no look at the log', async (t) => {
  const { ask, asked } = await clientOfTrailingApi(t)
  const invalid = { ...configMap('Not_A_Name') }
  assert.equal((await ask('POST', inDefault('configmaps'), invalid)).code, 422)
  assert.equal((await ask('POST', inDefault('pods'), configMap('a'))).code, 400)
  assert.deepEqual(asked, { streams: 0, heads: 0 })
})
