import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

/**
 * What people have reported of clusters of this kind, each with the right value. Elsewhere: exact integers
 * (extreme-numbers.test.ts), JSON patches (json-patch.test.ts of the kubernetes package), required fields that are
 * missing (missing-fields.test.ts), bounds and names of a pod's fields (pod-spec-rules.test.ts), controllers that one
 * object holds up (extremes.test.ts of the replicator), what a node admits and timers that overflow (admission.test.ts
 * and pod-probes.test.ts of the agent).
 */

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const pods = inDefault('pods')
const deployments = inDefault('deployments')
const container = { name: 'c', image: 'nginx' }
const strategic = 'application/strategic-merge-patch+json'

/** A Deployment with more in its template, its pods and their container. */
const templated = (inTemplate = {}, inContainer = {}, inPod = {}) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'tpl' } },
  spec: {
    selector: { matchLabels: { app: 'tpl' } },
    template: {
      metadata: { labels: { app: 'tpl' }, ...inTemplate },
      spec: { containers: [{ ...container, ...inContainer }], ...inPod },
    },
  },
})

test('empty lists and maps, and zeros that say nothing, make no other template: no new generation, no rollout', async () => {
  const { json: first } = await api.ask('POST', deployments, { body: templated() })
  const empties = templated(
    { annotations: {} },
    { env: [], args: [], tty: false, workingDir: '', ports: [] },
    { nodeSelector: {}, tolerations: [], volumes: [], hostNetwork: false, hostname: '' },
  )
  const patched = await api.ask('PATCH', `${deployments}/tpl`, { type: strategic, body: empties })
  const replaced = await api.ask('PUT', `${deployments}/tpl`, { body: empties })
  for (const { code, json } of [patched, replaced]) {
    assert.equal(code, 200)
    assert.equal(json.metadata.generation, 1)
    assert.equal(json.metadata.resourceVersion, first.metadata.resourceVersion)
  }
})

test('a grace beyond all years ends at a time that RFC 3339 can say, and holds up no namespace', async () => {
  for (const [name, seconds] of Object.entries({ poison: 9_000_000_000_000, year: 3e11 })) {
    const spec = { nodeName: 'n', terminationGracePeriodSeconds: seconds, containers: [container] }
    await api.ask('POST', pods, { body: { metadata: { name }, spec } })
    const { code, json } = await api.ask('DELETE', `${pods}/${name}`)
    assert.deepEqual([code, json.metadata.deletionTimestamp], [200, '9999-12-31T23:59:59Z'])
  }
})

test('a PriorityClass, a ServiceAccount or a RuntimeClass that is not there is refused', async () => {
  for (const field of ['priorityClassName', 'serviceAccountName', 'runtimeClassName']) {
    const spec = { containers: [container], [field]: 'nope' }
    const { code, json } = await api.ask('POST', pods, { body: { metadata: { name: 'x' }, spec } })
    assert.equal(code, 403, field)
    assert.match(json.message ?? '', /nope.*(not|was) found/)
  }
})

test('a memory of millibytes is a mistake of whoever writes it: warned, as upstream', async () => {
  const resources = { limits: { memory: '100m' } }
  const spec = { containers: [{ ...container, resources }] }
  const { code, headers } = await api.ask('POST', `${pods}?dryRun=All`, {
    body: { metadata: { name: 'm' }, spec },
  })
  assert.equal(code, 201)
  const text = String(headers.warning)
  assert.ok(text.includes('limits[memory]: fractional byte value'), text)
})

test('a removed list of containers is named, and a selector without a key, too', async () => {
  await api.ask('POST', pods, {
    body: { metadata: { name: 'jp' }, spec: { containers: [container] } },
  })
  const patch = [{ op: 'remove', path: '/spec/containers' }]
  const type = 'application/json-patch+json'
  const removed = await api.ask('PATCH', `${pods}/jp`, { type, body: patch })
  assert.deepEqual(
    [removed.code, removed.json.details?.causes?.[0]?.field],
    [422, 'spec.containers'],
  )
  const { spec, ...named } = templated()
  const selector = { matchExpressions: [{ operator: 'Exists' }] }
  const keyless = await api.ask('POST', deployments, {
    body: { ...named, spec: { ...spec, selector } },
  })
  assert.equal(keyless.code, 422)
  assert.equal(keyless.json.details?.causes?.[0]?.field, 'spec.selector.matchExpressions[0].key')
})

test('a watch that is to last longer than a timer can wait stays open', async () => {
  const base = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const ended = new AbortController()
  const url = `${base}${inDefault('configmaps')}?watch=1&timeoutSeconds=2147484`
  const response = await fetch(url, { signal: ended.signal })
  const reader = response.body?.getReader()
  await api.ask('POST', inDefault('configmaps'), { body: configMap('later') })
  let heard = ''
  while (!heard.includes('"later"')) {
    const { value, done } = (await reader?.read()) ?? { done: true }
    assert.ok(!done, 'the watch has ended')
    heard += Buffer.from(value ?? []).toString()
  }
  ended.abort()
})
