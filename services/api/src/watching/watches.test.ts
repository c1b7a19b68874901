import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryClock } from '@reckon/eventing/memory'
import { configMaps } from '@reckon/kubernetes'
import { fullObject } from '../representation/object-representation.ts'
import { type Client, type Line, watchedLog } from './watched-log.fixture.ts'

type World = ReturnType<typeof watchedLog>

const named = ({ type, object }: Line) => `${type} ${object.metadata.name}`
const versionOf = ({ object }: Line) => BigInt(object.metadata.resourceVersion ?? 0)
const received = ({ lines }: Client) => lines.map(named)

const create = async (world: World, from: number, to: number) => {
  for (let each = from; each < to; each += 1) await world.put('default', `cm-${each}`, {})
  await world.apply()
}

const added = (count: number) => Array.from({ length: count }, (_, each) => `ADDED cm-${each}`)

test('a client that is slower than what is remembered misses nothing and is told nothing twice', async () => {
  const world = watchedLog({ remembered: 4 })
  const client = world.watch()
  client.takes = false
  await create(world, 0, 2)
  await world.clock.advance(12)
  await create(world, 2, 30)
  await world.clock.advance(12)
  assert.deepEqual(received(client), added(1))
  client.take()
  await world.clock.advance(12)
  await create(world, 30, 31)
  await world.clock.advance(12)
  assert.deepEqual(received(client), added(31))
  world.close()
})

test('what comes first after silence is told at once, what follows in one write', async () => {
  const world = watchedLog()
  const client = world.watch()
  await create(world, 0, 1)
  await world.clock.advance(0)
  assert.equal(client.writes.length, 1)
  await create(world, 1, 4)
  await world.clock.advance(11)
  assert.equal(client.writes.length, 1)
  await world.clock.advance(1)
  assert.deepEqual(received(client), added(4))
  assert.equal(client.writes.length, 2)
  world.close()
})

test('where telling takes long, what follows is gathered for as long', async () => {
  const clock = createMemoryClock()
  let tookMs = 0
  const world = watchedLog({ clock: { ...clock, now: () => clock.now() + tookMs } })
  const client = world.watch()
  await create(world, 0, 1)
  await clock.advance(0)
  tookMs = 30
  await create(world, 1, 4)
  await clock.advance(12 + 29)
  assert.equal(client.writes.length, 1)
  await clock.advance(1)
  assert.deepEqual(received(client), added(4))
  assert.equal(client.writes.length, 2)
  world.close()
})

test('who sees the same in the same form is told the same bytes, which were made once', async () => {
  const world = watchedLog()
  const clients = [world.watch(), world.watch({ namespace: 'default' }), world.watch()]
  await create(world, 0, 1)
  await world.clock.advance(0)
  const [one, other, same] = clients.map(({ writes }) => writes[0])
  assert.equal(one, same)
  assert.deepEqual(one, other)
  const object = world.objects.get(configMaps, 'default', 'cm-0')?.object
  assert.ok(object)
  const shown = fullObject(world.served, world.encoded)
  assert.equal(shown.object(object), shown.item(object))
  world.close()
})

test('a position that nothing was missed before is told now and then, to whom wants that', async () => {
  const world = watchedLog()
  await create(world, 0, 1)
  const [client, other] = [world.watch({ wantsBookmarks: true }), world.watch()]
  await world.clock.advance(21_000)
  assert.deepEqual(
    client.lines.map(({ type }) => type),
    ['BOOKMARK', 'BOOKMARK'],
  )
  assert.deepEqual(client.lines.map(versionOf), [world.position(), world.position()])
  assert.deepEqual(other.lines, [])
  world.close()
})

test('a bookmark comes after what it includes, also where that is still gathered', async () => {
  const world = watchedLog()
  const client = world.watch({ wantsBookmarks: true })
  await world.clock.advance(9_995)
  await create(world, 0, 1)
  await world.clock.advance(0)
  await create(world, 1, 3)
  await world.clock.advance(5)
  assert.deepEqual(received(client), [...added(3), 'BOOKMARK undefined'])
  assert.equal(client.lines.map(versionOf).at(-1), world.position())
  world.close()
})

test('a busy resource is no reason to tell no position, and what is told was reached', async () => {
  const world = watchedLog()
  const client = world.watch({ wantsBookmarks: true })
  for (let each = 0; each < 400; each += 1) {
    await create(world, each, each + 1)
    await world.clock.advance(100)
  }
  const marks = client.lines.filter(({ type }) => type === 'BOOKMARK')
  assert.equal(marks.length, 4)
  const versions = client.lines.map(versionOf)
  assert.deepEqual(
    versions,
    versions.toSorted((a, b) => (a < b ? -1 : 1)),
  )
  world.close()
})

test('a client that takes nothing costs what it was told last, and is cut off; the others go on', async () => {
  const world = watchedLog()
  const [stopped, other] = [world.watch(), world.watch()]
  stopped.takes = false
  for (let each = 0; each < 40; each += 1) {
    await create(world, each, each + 1)
    await world.clock.advance(1_000)
    assert.ok(stopped.writes.length <= 1)
  }
  assert.ok(stopped.destroyed)
  assert.deepEqual(received(other), added(40))
  world.close()
})

test('a client that takes little by little is not cut off', async () => {
  const world = watchedLog()
  const slow = world.watch()
  for (let each = 0; each < 60; each += 1) {
    await create(world, each, each + 1)
    slow.takes = false
    await world.clock.advance(1_000)
    if (each % 20 === 0) slow.take()
  }
  slow.take()
  await world.clock.advance(12)
  assert.ok(!slow.destroyed)
  assert.deepEqual(received(slow), added(60))
  world.close()
})

test('a watch lasts as many seconds as it was asked for, and ends with the api', async () => {
  const world = watchedLog()
  const [short, long] = [world.watch({ durationTicks: 2 }), world.watch()]
  await world.clock.advance(2_000)
  assert.ok(!short.isEnded)
  await world.clock.advance(1_000)
  assert.ok(short.isEnded && !long.isEnded)
  world.close()
  assert.ok(long.isEnded && !long.destroyed)
})

test('a bug in showing an object ends the watches that see it, and no other', async () => {
  const world = watchedLog()
  const broken = fullObject(world.served, world.encoded)
  const object: typeof broken.object = () => {
    throw new TypeError('no such cell')
  }
  const [failing, other] = [
    world.watch({ representation: { ...broken, id: 'broken', object } }),
    world.watch(),
  ]
  await create(world, 0, 1)
  await world.clock.advance(12)
  assert.ok(failing.isEnded)
  assert.equal(world.errors.length, 1)
  assert.deepEqual(received(other), added(1))
  world.close()
})

test('a log that is away when an old watch needs it ends that watch with a Status', async () => {
  const world = watchedLog({ remembered: 1 })
  await create(world, 0, 9)
  await world.log.close()
  const client = world.watch({ after: 0n })
  await world.clock.advance(12)
  assert.deepEqual(
    client.lines.map(({ type, object }) => [type, object.kind]),
    [['ERROR', 'Status']],
  )
  assert.ok(client.isEnded)
  world.close()
})
