import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOf } from '../moment/place.ts'
import { Reading } from './read.ts'
import { readRowsAhead, readTable } from './tables.ts'

const session = { headers: {}, protocols: [], begin: async () => {}, end: async () => {} }
const sight = {
  visibilityState: 'visible',
  addEventListener() {},
  removeEventListener() {},
} as const
const kind = {
  ...{ id: 'pods', plural: 'pods', singular: 'pod', shortNames: [], kind: 'Pod', group: '' },
  ...{ root: 'api/v1', isNamespaced: true },
}

test('the first rows of what an address names are asked for before its kind is known, once', async (t) => {
  const asked: string[] = []
  t.mock.method(globalThis, 'fetch', async (url: URL) => {
    asked.push(url.href.replace('http://api/', ''))
    return Response.json({ rows: [{ cells: ['web'] }] })
  })
  const reading = new Reading(session, new URL('http://api/'), sight)
  const first = { base: 'at/7/', namespace: 'demo', tellFirst: () => assert.fail('these are all') }
  readRowsAhead(reading, 'at/7/', placeOf('#/pods?ns=demo&at=7'))
  const { rows } = await readTable(reading, kind, first)
  assert.equal(rows[0]?.name, 'web')
  for (const other of ['', 'events', 'deployments.apps', 'pods/demo/web', 'pods?vs=8']) {
    readRowsAhead(reading, '', placeOf(`#/${other}`))
  }
  assert.deepEqual(asked, ['at/7/api/v1/namespaces/demo/pods?limit=500'])
})

test('what went wrong when it was asked ahead is asked again', async (t) => {
  const answers = [new Response('{}', { status: 401 }), Response.json({ is: 'there' })]
  t.mock.method(globalThis, 'fetch', async () => answers.shift())
  const reading = new Reading(session, new URL('http://api/'), sight)
  reading.ahead('api', {})
  while (answers.length > 1) await new Promise(setImmediate)
  await new Promise(setImmediate)
  assert.deepEqual(await reading.json('api'), { is: 'there' })
})
