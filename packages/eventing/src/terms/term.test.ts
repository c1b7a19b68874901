import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ids } from '../ids.ts'
import { createMemoryClock, createMemoryEventLog, createMemoryHub } from '../memory/index.ts'
import { createFollower, createReader } from '../reading/create-reader.ts'
import { Relay } from '../wire/relay.ts'
import { holdTerm } from './term.ts'
import type { TermBegan } from './term-began.ts'

function world() {
  const clock = createMemoryClock()
  const hub = createMemoryHub({ clock })
  const log = createMemoryEventLog()
  let drawn = 0
  const ids: Ids = { next: () => `id-${drawn++}`, below: () => 0 }
  const stopAll = new AbortController()
  const relayPorts = { log, bus: hub.connect('relay'), clock }
  const follower = createFollower(relayPorts, [])
  const runs: Promise<unknown>[] = [
    follower.run(stopAll.signal),
    new Relay({ ...relayPorts, ids, reader: follower }).run(stopAll.signal),
  ]
  const active: string[] = []
  const instance = (holder: string) => {
    const bus = hub.connect(holder)
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, stopAll.signal])
    const reader = createReader({ log, bus, clock }, [])
    runs.push(reader.run(stopAll.signal))
    const run = holdTerm(
      { log, bus, clock, ids, reader },
      { service: 'scheduler', holder, signal },
      async (term, ofTerm) => {
        const mark = `${holder}/${term}`
        active.push(mark)
        await clock.sleep(Number.MAX_SAFE_INTEGER, ofTerm)
        active.splice(active.indexOf(mark), 1)
      },
    )
    runs.push(run)
    return { bus, stop, run }
  }
  return {
    clock,
    active,
    instance,
    async terms() {
      const events = await Array.fromAsync(log.readStream('terms-scheduler'))
      return events.map(({ data }) => data as TermBegan)
    },
    async end() {
      stopAll.abort()
      await clock.advance(0)
      await Promise.all(runs)
    },
  }
}

test('the only instance is active within 300 ms, and writes no more', async () => {
  const it = world()
  it.instance('a')
  await it.clock.advance(300)
  assert.deepEqual(it.active, ['a/1'])
  await it.clock.advance(600_000)
  assert.deepEqual(await it.terms(), [{ term: 1, holder: 'a' }])
  await it.end()
  assert.deepEqual(it.active, [])
})

test('of several instances one is active; the next takes over when it is gone', async () => {
  const it = world()
  const instances = new Map(['a', 'b', 'c'].map((name) => [name, it.instance(name)]))
  await it.clock.advance(10_000)
  assert.equal(it.active.length, 1)
  assert.equal((await it.terms()).length, 1)
  const [first] = await it.terms()
  instances.get(first?.holder ?? '')?.stop.abort()
  await it.clock.advance(2000)
  assert.equal(it.active.length, 1)
  assert.equal((await it.terms()).length, 2)
  await it.end()
})

test('a holder that is cut off stops when it learns of the newer term', async () => {
  const it = world()
  const a = it.instance('a')
  await it.clock.advance(1000)
  it.instance('b')
  a.bus.lose()
  await it.clock.advance(10_000)
  assert.deepEqual(it.active, ['b/2'])
  await it.clock.advance(60_000)
  assert.deepEqual(it.active, ['b/2'])
  a.bus.find()
  await it.clock.advance(10_000)
  assert.equal((await it.terms()).length, 2)
  await it.end()
})

test('without the wire only a restarted holder begins a term', async () => {
  const it = world()
  const a = it.instance('a')
  await it.clock.advance(1000)
  a.stop.abort()
  await it.clock.advance(0)
  const b = it.instance('b')
  b.bus.lose()
  await it.clock.advance(60_000)
  assert.deepEqual(it.active, [])
  const again = it.instance('a')
  again.bus.lose()
  await it.clock.advance(500)
  assert.deepEqual(it.active, ['a/2'])
  await it.end()
})

test('what the active instance throws ends it', async () => {
  const clock = createMemoryClock()
  const ports = {
    log: createMemoryEventLog(),
    bus: createMemoryHub({ clock }).connect(),
    clock,
    ids: { next: () => 'id', below: () => 0 },
    reader: { subscribe: () => () => {} },
  }
  const options = { service: 'x', holder: 'a', signal: new AbortController().signal }
  const failed = assert.rejects(
    holdTerm(ports, options, async () => {
      throw new Error('broken')
    }),
    /broken/,
  )
  await clock.advance(1000)
  await failed
})
