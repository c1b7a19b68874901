import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startedApi } from '../api.fixture.ts'

const path = '/apis/scheduler.reckon.dev/v1/configuration'
const configuration = {
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  profiles: [{ schedulerName: 'mine' }],
}

test('what the scheduler goes by is an event, and the same again is none', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const told = async () => (await api.ask('GET', path)).text
  assert.deepEqual(JSON.parse(await told()), { configuration: null, digest: '' })
  assert.equal((await api.ask('PUT', path, { body: configuration })).code, 200)
  assert.equal((await api.ask('PUT', path, { body: configuration })).code, 200)
  const { actor, digest } = JSON.parse(await told())
  assert.equal(actor, 'ada')
  assert.match(digest, /^[0-9a-f]{16}$/)
  await api.ask('DELETE', path)
  const query = 'type=SchedulerConfigured'
  const { text } = await api.ask('GET', `/apis/history.reckon.dev/v1/events?${query}`)
  const recorded = text.trim().split('\n')
  assert.deepEqual(
    recorded.map((line) => JSON.parse(line).data),
    [
      { configuration, digest },
      { configuration: null, digest: '' },
    ],
  )
})

test('what is not understood wholly, or by whom it may not be, is refused', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const body = { ...configuration, extenders: [] }
  const refused = await api.ask('PUT', path, { body })
  assert.deepEqual([refused.code, refused.json.reason], [422, 'Invalid'])
  assert.match(refused.json.message ?? '', /extenders: Forbidden/)
  const eve = { name: 'eve', groups: ['system:authenticated'] }
  assert.equal((await api.ask('PUT', path, { body: configuration, user: eve })).code, 403)
  assert.equal((await api.ask('GET', path, { user: eve })).code, 403)
})
