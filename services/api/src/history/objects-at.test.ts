import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMaps, events } from '@reckon/kubernetes'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { openPast } from '../past/open-past.ts'
import type { Past } from '../past/past.ts'
import { objectsAt } from './objects-at.ts'

/** An api with some Events that a client wrote, and its past: `scans` counts the scans that were asked of it. */
async function apiWithEvents(names: readonly string[]) {
  const api = await startedApi()
  await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  for (const name of names) {
    const involvedObject = { kind: 'Pod', namespace: 'default', name }
    const body = { apiVersion: 'v1', kind: 'Event', metadata: { name }, involvedObject }
    assert.equal((await api.ask('POST', inDefault('events'), { body })).code, 201)
  }
  const opened = openPast(api.ports)
  const counted = { scans: 0 }
  const past: Past = {
    at: (position) => ({
      ...opened.at(position),
      scan(...asked) {
        counted.scans++
        return opened.at(position).scan(...asked)
      },
    }),
  }
  return { api, past, counted, position: api.ports.objects.position ?? 0n }
}

test('however many Events of a moment are asked for, they are scanned once', async (t) => {
  const names = ['a', 'b', 'c']
  const { api, past, counted, position } = await apiWithEvents(names)
  t.after(api.close)
  const { signal } = new AbortController()
  const at = objectsAt(past, { position, namespace: undefined, signal })
  assert.equal((await at.get(configMaps, 'default', 'a'))?.object.metadata.name, 'a')
  assert.equal(counted.scans, 0)
  for (const name of names) {
    assert.equal((await at.get(events, 'default', name))?.object.metadata.name, name)
  }
  assert.equal(await at.get(events, 'default', 'none'), undefined)
  assert.equal(counted.scans, 1)
})

test('who has gone is read no Event', async (t) => {
  const { api, past, position } = await apiWithEvents(['a'])
  t.after(api.close)
  const signal = AbortSignal.abort(new Error('gone'))
  await assert.rejects(past.at(position).get(events, 'default', 'a', signal), /gone/)
  const at = objectsAt(past, { position, namespace: 'default', signal })
  await assert.rejects(at.get(events, 'default', 'a'), /gone/)
  const query = '/apis/history.reckon.dev/v1/diff?from=1&kinds=events'
  const { text } = await api.ask('GET', query)
  assert.match(text, /"count":1,/)
})
