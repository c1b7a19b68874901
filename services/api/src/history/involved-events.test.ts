import assert from 'node:assert/strict'
import { test } from 'node:test'
import { involved, type Note } from '@reckon/domain'
import { recordNote } from '@reckon/writing'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

test('what was noted about an object is listed as its events, each with its newest count', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const { json } = await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  const note: Note = {
    involvedObject: involved(json),
    type: 'Warning',
    reason: 'FailedReconcile',
    message: 'an internal error keeps the x-controller from reconciling this',
    source: { component: 'x-controller' },
    count: 1,
    firstTimestamp: '2026-11-26T08:00:00Z',
    lastTimestamp: '2026-11-26T08:00:00Z',
  }
  const origin = { actor: { user: 'test' }, verb: 'note' }
  await recordNote(api.ports, note, origin)
  const again = { ...note, count: 2, lastTimestamp: '2026-11-26T08:00:05Z' }
  await recordNote(api.ports, again, origin)
  await recordNote(api.ports, { ...note, reason: 'Other' }, origin)

  const { name, uid = '' } = json.metadata
  const selector = `involvedObject.name=${name},involvedObject.namespace=default,involvedObject.uid=${uid}`
  const list = async (fieldSelector: string) =>
    api.ask(
      'GET',
      `${inDefault('events')}?limit=500&fieldSelector=${encodeURIComponent(fieldSelector)}`,
    )
  const answer = await list(selector)
  assert.equal(answer.code, 200)
  assert.equal(answer.json.kind, 'EventList')
  assert.equal(answer.json.items.length, 2)
  const [event] = answer.json.items as unknown as (Note & { metadata: { namespace: string } })[]
  assert.equal(event?.count, 2)
  assert.equal(event?.firstTimestamp, note.firstTimestamp)
  assert.equal(event?.lastTimestamp, again.lastTimestamp)
  assert.equal(event?.metadata.namespace, 'default')
  assert.deepEqual(event?.source, note.source)
  assert.equal((await list(`${selector},reason=Other`)).json.items.length, 1)
  assert.equal((await list(`involvedObject.uid=none`)).json.items.length, 0)
  assert.equal((await api.ask('GET', '/api/v1/events')).json.items.length, 2)
  const [told] = (await api.ask('GET', inDefault('events'))).json.items
  const named = `${inDefault('events')}/${told?.metadata.name}`
  const refused = await api.ask('DELETE', named)
  assert.equal(refused.code, 405)
  assert.equal(refused.json.reason, 'MethodNotAllowed')
  assert.match(refused.json.message ?? '', /is computed from the log and cannot be deleted/)
  const written = { apiVersion: 'v1', kind: 'Event', metadata: { name: 'mine' }, reason: 'Mine' }
  const involvedObject = { kind: 'ConfigMap', name, namespace: 'default' }
  const body = { ...written, involvedObject }
  assert.equal((await api.ask('POST', inDefault('events'), { body })).code, 201)
  assert.equal((await api.ask('DELETE', inDefault('events'))).json.items.length, 1)
  assert.equal((await api.ask('GET', `${inDefault('events')}/mine`)).code, 404)
  assert.equal((await api.ask('GET', named)).code, 200)
  const eve = { name: 'eve', groups: ['system:authenticated'] }
  assert.equal((await api.ask('GET', inDefault('events'), { user: eve })).code, 403)
})
