import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import {
  eventTypeFilter,
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client'
import { status } from '@grpc/grpc-js'
import { collect, openTestStore } from '../testing/open-test-store.ts'

/** What the client uses itself where it asks by HTTP. */
interface Asking {
  HTTPRequest(method: 'GET', path: string, options: object): Promise<{ readonly text: string }>
}

const unimplemented = { code: status.UNIMPLEMENTED }
const unsupported = { type: 'unsupported' }

test('persistent subscriptions to a stream are refused as unimplemented', async (context) => {
  const { client } = await openTestStore(context)
  const settings = persistentSubscriptionToStreamSettingsFromDefaults()
  for (const call of [
    client.createPersistentSubscriptionToStream('s', 'g', settings),
    client.updatePersistentSubscriptionToStream('s', 'g', settings),
    client.deletePersistentSubscriptionToStream('s', 'g'),
    client.getPersistentSubscriptionToStreamInfo('s', 'g'),
    client.listPersistentSubscriptionsToStream('s'),
    client.listAllPersistentSubscriptions(),
    client.replayParkedMessagesToStream('s', 'g'),
    client.restartPersistentSubscriptionSubsystem(),
  ]) {
    await assert.rejects(call, unimplemented)
  }
  const [error] = await once(client.subscribeToPersistentSubscriptionToStream('s', 'g'), 'error')
  assert.equal(error.code, status.UNIMPLEMENTED)
})

test('persistent subscriptions to $all are known to be unsupported', async (context) => {
  const { client } = await openTestStore(context)
  const settings = persistentSubscriptionToAllSettingsFromDefaults()
  for (const call of [
    client.createPersistentSubscriptionToAll('g', settings),
    client.updatePersistentSubscriptionToAll('g', settings),
    client.deletePersistentSubscriptionToAll('g'),
    client.getPersistentSubscriptionToAllInfo('g'),
    client.listPersistentSubscriptionsToAll(),
    client.replayParkedMessagesToAll('g'),
  ]) {
    await assert.rejects(call, unsupported)
  }
  const [error] = await once(client.subscribeToPersistentSubscriptionToAll('g'), 'error')
  assert.equal(error.type, 'unsupported')
})

test('projections are refused as unimplemented', async (context) => {
  const { client } = await openTestStore(context)
  const query = 'fromAll().when({})'
  await assert.rejects(client.createProjection('p', query), unimplemented)
  const tracking = { trackEmittedStreams: true, emitEnabled: true }
  await assert.rejects(client.createProjection('p', query, tracking), unimplemented)
  await assert.rejects(client.getProjectionStatus('p'), unimplemented)
})

test('links are not resolved, and who wants them resolved is told', async (context) => {
  const { client } = await openTestStore(context)
  await client.appendToStream('s', jsonEvent({ type: 'Noted', data: {} }))
  const resolveLinkTos = true
  await assert.rejects(collect(client.readStream('s', { resolveLinkTos })), unimplemented)
  await assert.rejects(collect(client.readAll({ resolveLinkTos })), unimplemented)
  const filter = eventTypeFilter({ prefixes: ['Noted'] })
  for (const subscription of [
    client.subscribeToStream('s', { resolveLinkTos }),
    client.subscribeToAll({ resolveLinkTos, filter, fromPosition: START }),
  ]) {
    const [error] = await once(subscription.resume(), 'error')
    assert.equal(error.code, status.UNIMPLEMENTED)
  }
})

test('a ping is answered as the client reads it; of its HTTP API there is nothing else', async (context) => {
  const { client, server } = await openTestStore(context)
  const { HTTPRequest } = client as unknown as Asking
  const answer = await HTTPRequest('GET', '/ping', {})
  assert.equal(answer.text, 'Ping request successfully handled')
  const streams = await fetch(`http://127.0.0.1:${server.port}/streams/s`)
  assert.equal(streams.status, 501)
})
