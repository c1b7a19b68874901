import assert from 'node:assert/strict'
import { get } from 'node:https'
import { test } from 'node:test'
import { jsonEvent } from '@eventstore/db-client'
import { collect, openSecureStore } from '../testing/open-test-store.ts'
import { openEventStoreServer } from './server.ts'

test('over TLS every call needs the credentials', async (context) => {
  const { client: known, connect } = await openSecureStore(context)
  const event = jsonEvent({ type: 'Noted', data: {} })
  await known.appendToStream('s', event)
  assert.equal((await collect(known.readStream('s'))).length, 1)
  const denied = { type: 'access-denied' }
  for (const stranger of [connect(''), connect('reckon:guess@')]) {
    await assert.rejects(collect(stranger.readStream('s')), denied)
    await assert.rejects(collect(stranger.readAll()), denied)
    await assert.rejects(stranger.appendToStream('s', event), denied)
    await assert.rejects(stranger.deleteStream('s'), denied)
    await assert.rejects(stranger.tombstoneStream('s'), denied)
  }
  assert.equal((await collect(known.readStream('s'))).length, 1)
})

test('health is told over TLS on the same port, without credentials', async (context) => {
  const { server, ca } = await openSecureStore(context)
  const status = await new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${server.port}/health/live`
    get(url, { ca, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject)
  })
  assert.equal(status, 204)
})

test('credentials without TLS are refused: no client would send them', async () => {
  const credentials = { username: 'reckon', password: 'secret' }
  const options = { dataDir: ':memory:', host: '127.0.0.1', port: 0, credentials }
  await assert.rejects(openEventStoreServer(options), /credentials need TLS/)
})
