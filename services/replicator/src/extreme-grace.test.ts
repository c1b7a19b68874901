import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inDefault, startedApi } from '@reckon/api/fixture'
import { Objects } from '@reckon/domain'
import { createReader } from '@reckon/eventing'
import { pods } from '@reckon/kubernetes'
import { WriterView } from '@reckon/writing'
import { PodsEverCreated } from './ownership/pods-ever-created.ts'
import { replicateTerm } from './replicate-term.ts'

/** A real API with a replicator beside it, each with a view of its own. */
async function startedBoth(t: { after(end: () => Promise<void>): void }) {
  const api = await startedApi()
  const stop = new AbortController()
  const { log, clock, ids } = api.ports
  const objects = new Objects()
  const podsEverCreated = new PodsEverCreated()
  const reading = { log, clock, bus: api.hub.connect('replicator') }
  const reader = createReader(reading, [objects, podsEverCreated])
  const known = new WriterView(objects)
  const ports = { ...reading, ids, objects, known, podsEverCreated, reader }
  const running = [reader.run(stop.signal), replicateTerm(ports, stop.signal)]
  t.after(async () => {
    stop.abort()
    await Promise.all(running)
    await api.close()
  })
  return { ...api, objects }
}

const podOf = (name: string, terminationGracePeriodSeconds: number, nodeName?: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds,
    ...(nodeName && { nodeName }),
    containers: [{ name: 'c', image: 'i' }],
  },
})

const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
const seconds = [300_000_000_000, 9_000_000_000_000]

for (const grace of seconds) {
  test(`a bound pod with ${grace} s of grace is deleted at a time that can be said`, async (t) => {
    const { ask } = await startedBoth(t)
    await ask('POST', inDefault('pods'), { body: podOf('y', grace, 'a') })
    const { code, json } = await ask('DELETE', `${inDefault('pods')}/y`)
    assert.equal(code, 200)
    assert.equal(json.metadata.deletionTimestamp, '9999-12-31T23:59:59Z')
    assert.equal(json.metadata.deletionGracePeriodSeconds, grace)
    const gone = await ask('DELETE', `${inDefault('pods')}/y?gracePeriodSeconds=0`)
    assert.equal(gone.code, 200)
  })
}

test('pods with any grace in a namespace that is deleted stop no controller', async (t) => {
  const { ask, objects } = await startedBoth(t)
  await ask('POST', '/api/v1/namespaces', { body: namespace('poison') })
  for (const [index, grace] of seconds.entries()) {
    const body = podOf(`pod-${index}`, grace, 'a')
    assert.equal((await ask('POST', '/api/v1/namespaces/poison/pods', { body })).code, 201)
  }
  assert.equal((await ask('DELETE', '/api/v1/namespaces/poison')).code, 200)
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'c', image: 'i' }] },
      },
    },
  }
  assert.equal((await ask('POST', inDefault('deployments'), { body: deployment })).code, 201)
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = () => {
    const isMoving = objects.list(pods, 'default').length === 1
    const terminating = objects
      .list(pods, 'poison')
      .filter(({ object }) => object.metadata.deletionTimestamp !== undefined)
    if (isMoving && terminating.length === seconds.length) resolve()
  }
  objects.subscribe(look)
  look()
  await promise
})
