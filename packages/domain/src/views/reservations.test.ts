import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordedEvent } from '../recorded-event.fixture.ts'
import type { Reservable } from '../reservation.ts'
import { Reservations } from './reservations.ts'

const address: Reservable = { pool: 'clusterips', value: '10.96.0.7' }
const holder = { stream: 'services-default/web', uid: 'w' }

const event = (type: string, position: bigint, stream = 'clusterips-10.96.0.7') =>
  recordedEvent(type, holder, { stream, revision: position, position })
const reserved = event('ClusterIPReserved', 1n)
const released = event('ClusterIPReleased', 2n)

test('a value is held by whom its last event names, and by nobody once it is released', () => {
  const view = new Reservations()
  assert.equal(view.of(address), undefined)
  assert.ok(view.apply(reserved))
  assert.deepEqual(view.of(address), { holder, position: 1n, revision: 1n })
  assert.deepEqual([...view.held()], [{ reservable: address, holder }])
  assert.ok(view.apply(released))
  assert.deepEqual(view.of(address), { revision: 2n })
  assert.deepEqual([...view.held()], [])
})

test('events of other streams are none of a reservation', () => {
  const view = new Reservations()
  assert.ok(!view.apply(event('PodCreated', 1n, 'pods-default/web')))
  assert.deepEqual(view.snapshot(), [])
})

test('who listens hears of each event of a reservation until they end it', () => {
  const view = new Reservations()
  const heard: Reservable[] = []
  const end = view.subscribe((reservable) => heard.push(reservable))
  view.apply(reserved)
  view.apply(event('PodCreated', 2n, 'pods-default/web'))
  end()
  view.apply(released)
  assert.deepEqual(heard, [address])
})

test('what is saved as JSON is restored as it was, held or released', () => {
  for (const events of [[reserved], [reserved, released]]) {
    const [view, restored] = [new Reservations(), new Reservations()]
    for (const each of events) view.apply(each)
    for (const saved of JSON.parse(JSON.stringify(view.snapshot()))) restored.restore(saved)
    assert.deepEqual(restored.of(address), view.of(address))
  }
})
