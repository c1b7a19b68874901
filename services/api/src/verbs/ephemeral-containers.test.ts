import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
  const spec = { containers: [{ name: 'c', image: 'i' }] }
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec }
  assert.equal((await api.ask('POST', inDefault('pods'), { body })).code, 201)
})
after(() => api.close())

const path = `${inDefault('pods')}/web/ephemeralcontainers`
const patchWith = (...ephemeralContainers: object[]) =>
  api.ask('PATCH', path, {
    body: { spec: { ephemeralContainers, hostname: 'other' } },
    type: 'application/strategic-merge-patch+json',
  })
const podIn = (text: string): Pod => JSON.parse(text)
const debug = { name: 'debug', image: 'busybox', targetContainerName: 'c' }

test('ephemeral containers are added to a pod, and nothing else of it is changed', async () => {
  const added = await patchWith(debug)
  assert.equal(added.code, 200, added.text)
  const { spec } = podIn(added.text)
  assert.equal(spec.hostname, undefined)
  assert.deepEqual(
    spec.ephemeralContainers?.map((each) => [each.name, each.imagePullPolicy]),
    [['debug', 'Always']],
  )
  const second = await patchWith({ name: 'second', image: 'i' })
  assert.equal(podIn(second.text).spec.ephemeralContainers?.length, 2)
  const labelled = await api.ask('PATCH', `${inDefault('pods')}/web`, {
    body: { metadata: { labels: { a: 'b' } } },
    type: 'application/merge-patch+json',
  })
  assert.equal(labelled.code, 200, labelled.text)
})

test('what an ephemeral container cannot have, and a change of one, is refused by name', async () => {
  const refused = async (container: object, text: string) => {
    const { code, json } = await patchWith(container)
    assert.equal(code, 422)
    assert.ok(json.message?.includes(text), json.message ?? '')
  }
  await refused(
    { ...debug, image: 'other' },
    'existing ephemeral containers "debug" may not be changed',
  )
  await refused({ name: 'c', image: 'i' }, 'name: Duplicate value: "c"')
  const target = { name: 'e', image: 'i', targetContainerName: 'none' }
  await refused(target, 'targetContainerName: Not found: "none"')
  const ports = [{ containerPort: 80 }]
  await refused(
    { name: 'e', image: 'i', ports },
    'ports: Forbidden: cannot be set for an Ephemeral',
  )
})
