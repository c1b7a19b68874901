import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Holder,
  type Reservable,
  type ReservationCommand,
  type ReservationState,
  reservableOf,
  reservation,
  reservationStream,
} from './reservation.ts'

const address: Reservable = { pool: 'clusterips', value: '10.96.0.7', field: 'spec.clusterIPs' }
const web: Holder = { stream: 'services-default/web', uid: 'w', attempt: '1' }
const other: Holder = { stream: 'services-default/other', uid: 'o' }

/** Given who holds a value, when a command comes, then these events are recorded, or it is refused. */
const given = (state: ReservationState, reservable = address) => ({
  when: (command: ReservationCommand) => {
    const decide = () => reservation(reservable).decide(command, state)
    return {
      thenNothing: () => assert.deepEqual(decide(), []),
      thenIs: (type: string, data: Holder) => assert.deepEqual(decide(), [{ type, data }]),
      thenRefused: (reason: string, message: RegExp) => assert.throws(decide, { reason, message }),
    }
  },
})

test('a value that is free is reserved', () =>
  given({}).when({ type: 'Reserve', holder: web }).thenIs('ClusterIPReserved', web))

test('reserving twice for the same attempt yields nothing the second time', () =>
  given({ holder: web }).when({ type: 'Reserve', holder: web }).thenNothing())

test('another attempt of the same object does not have what the first has', () =>
  given({ holder: web })
    .when({ type: 'Reserve', holder: { ...web, attempt: '2' } })
    .thenRefused('Conflict', /another of that name comes or goes/))

test('one of the same name lost a race for that name', () =>
  given({ holder: web })
    .when({ type: 'Reserve', holder: { ...web, uid: 'younger' } })
    .thenRefused('Conflict', /services "web"/))

const shown: [Reservable, RegExp][] = [
  [address, /spec.clusterIPs: Invalid value: \["10.96.0.7"\].*already allocated/],
  [{ pool: 'nodeports', value: '30001' }, /: Invalid value: 30001: .*port is already allocated/],
  [{ pool: 'podcidrs', value: '10.244.1.0/24' }, /Invalid value: "10.244.1.0\/24": .*range/],
]
for (const [reservable, message] of shown) {
  test(`what another object has of ${reservable.pool} is invalid to ask for`, () =>
    given({ holder: other }, reservable)
      .when({ type: 'Reserve', holder: web })
      .thenRefused('Invalid', message))
}

test('who names no field is told none', () => {
  const { field: _, ...unnamed } = address
  const reserve = () =>
    reservation(unnamed).decide({ type: 'Reserve', holder: web }, { holder: other })
  assert.throws(reserve, (error: { details?: { causes?: object[] } }) => {
    assert.ok(!('field' in (error.details?.causes?.[0] ?? { field: '' })))
    return true
  })
})

test('only an object can hold a value', () =>
  assert.throws(
    () =>
      reservation(address).decide(
        { type: 'Reserve', holder: { stream: 'nothing', uid: '' } },
        { holder: other },
      ),
    /no object's stream/,
  ))

test('an attempt gives back its own, and nobody the others', () => {
  given({ holder: web }).when({ type: 'Release', holder: web }).thenIs('ClusterIPReleased', web)
  given({ holder: web })
    .when({ type: 'Release', holder: { ...web, attempt: '2' } })
    .thenNothing()
  given({ holder: web }).when({ type: 'Release', holder: other }).thenNothing()
  given({}).when({ type: 'Release', holder: web }).thenNothing()
})

test('what an object gave up at a position is released if it was reserved before', () => {
  const holder = { stream: web.stream, uid: web.uid }
  const held = { holder: web, position: 5n }
  given(held).when({ type: 'Release', holder, before: 6n }).thenIs('ClusterIPReleased', holder)
  given(held).when({ type: 'Release', holder, before: 5n }).thenNothing()
  given(held).when({ type: 'Release', holder }).thenNothing()
  given(held)
    .when({ type: 'Release', holder: { ...holder, uid: 'x' }, before: 6n })
    .thenNothing()
})

test('a value is held from the event that reserved it to the one that released it', () => {
  const { evolve } = reservation(address)
  const reserved = { type: 'ClusterIPReserved', data: web }
  assert.deepEqual(evolve({}, { ...reserved, position: 4n }), { holder: web, position: 4n })
  assert.deepEqual(evolve({}, reserved), { holder: web })
  assert.deepEqual(evolve({ holder: web }, { type: 'ClusterIPReleased', data: web }), {})
})

test('a value and its stream name each other; other streams name none', () => {
  const stream = 'podcidrs-10.244.1.0/24'
  assert.equal(reservationStream({ pool: 'podcidrs', value: '10.244.1.0/24' }), stream)
  assert.deepEqual(reservableOf(stream), { pool: 'podcidrs', value: '10.244.1.0/24' })
  for (const no of ['pods-default/web', 'nodeports', 'nodeports-', '-1']) {
    assert.equal(reservableOf(no), undefined, no)
  }
})
