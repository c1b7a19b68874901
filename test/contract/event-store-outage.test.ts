import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { EventLog, NewEvent } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { isRefusal } from '@reckon/kubernetes'
import { type EventStoreProcess, eventStoreProcess } from './event-store-process.ts'

/** What a write may take while the store is away. */
const answerMsMax = 2000
/** How soon after its return the store must be in use again; generous, for a machine that does other things too. */
const recoveryMsMax = 3000

let store: EventStoreProcess
let log: EventLog
before(async () => {
  store = await eventStoreProcess()
  // One connection for all tests, and it outlives every outage.
  log = await openEventStore(store.url, { name: 'outage' })
})
after(async () => {
  await log.close()
  await store.remove()
})

const event = (): NewEvent => ({
  id: randomUUID(),
  type: 'SampleChanged',
  data: {},
  metadata: { actor: { user: 'outage' }, verb: 'test', time: '', $correlationId: randomUUID() },
})
const stream = (): string => `samples-outage/${randomUUID()}`

/** The refusal's reason and how long it took. */
async function refusal(attempt: () => Promise<unknown>): Promise<{ reason: string; ms: number }> {
  const start = performance.now()
  try {
    await attempt()
  } catch (error) {
    assert.ok(isRefusal(error), String(error))
    return { reason: error.reason, ms: performance.now() - start }
  }
  return { reason: 'None', ms: performance.now() - start }
}

async function recovered(): Promise<void> {
  const start = performance.now()
  while ((await refusal(() => log.head())).reason !== 'None') {
    assert.ok(performance.now() - start < recoveryMsMax, 'the store was not found again in time')
    await sleep(20)
  }
}

test('a log opens before its store, and finds it', async () => {
  assert.equal(
    (await refusal(() => log.append(stream(), 'NoStream', [event()]))).reason,
    'ServiceUnavailable',
  )
  await store.start()
  await recovered()
  assert.ok((await log.append(stream(), 'NoStream', [event()])).recorded)
})

test('a store that hangs: first unknown, then at once unavailable, and afterwards recorded once', async () => {
  const [name, repeated] = [stream(), event()]
  store.signal('SIGSTOP')
  const first = await refusal(() => log.append(name, 'NoStream', [repeated]))
  assert.equal(first.reason, 'Timeout')
  assert.ok(first.ms < answerMsMax, `${first.ms} ms`)
  const next = [
    await refusal(() => log.append(name, 'NoStream', [repeated])),
    await refusal(() => log.head()),
    await refusal(() => Array.fromAsync(log.readStream(name))),
  ]
  for (const { reason, ms } of next) {
    assert.equal(reason, 'ServiceUnavailable')
    assert.ok(ms < 100, `${ms} ms`)
  }
  await sleep(3000)
  store.signal('SIGCONT')
  await recovered()
  const appended = await log.append(name, 'NoStream', [repeated])
  assert.ok(appended.recorded)
  const recorded = await Array.fromAsync(log.readStream(name))
  assert.deepEqual(
    recorded.map(({ id }) => id),
    [repeated.id],
  )
})

test('a store that is killed under load: every append is answered, and repeating them records each once', async () => {
  const appends = Array.from({ length: 256 }, () => ({ name: stream(), one: event() }))
  const answers = appends.map(({ name, one }) => refusal(() => log.append(name, 'NoStream', [one])))
  await sleep(5)
  await store.kill()
  for (const { reason, ms } of await Promise.all(answers)) {
    assert.ok(['None', 'Timeout', 'ServiceUnavailable'].includes(reason), reason)
    assert.ok(ms < answerMsMax, `${ms} ms`)
  }
  const away = await refusal(() => log.append(stream(), 'NoStream', [event()]))
  assert.equal(away.reason, 'ServiceUnavailable')
  await store.start()
  await recovered()
  for (const { name, one } of appends) {
    assert.ok((await log.append(name, 'NoStream', [one])).recorded)
    assert.deepEqual(
      (await Array.fromAsync(log.readStream(name))).map(({ id }) => id),
      [one.id],
    )
  }
})

test('who follows a store that is killed is told, and follows on from where it was', async () => {
  const name = stream()
  await log.append(name, 'NoStream', [event()])
  let position = await log.head()
  const follow = async (): Promise<void> => {
    for await (const next of log.follow(position, AbortSignal.timeout(20_000))) {
      if ('id' in next) position = next.position
      else await store.kill()
    }
  }
  assert.equal((await refusal(follow)).reason, 'ServiceUnavailable')
  await store.start()
  await recovered()
  const one = event()
  await log.append(name, 0n, [one])
  for await (const next of log.follow(position, AbortSignal.timeout(20_000))) {
    if ('id' in next) {
      assert.equal(next.id, one.id)
      break
    }
  }
})

test('who follows a store that hangs is told, though it asks for nothing else', async () => {
  const url = `${store.url}&keepAliveInterval=1000&keepAliveTimeout=500`
  const alone = await openEventStore(url, { name: 'alone' })
  const start = performance.now()
  const follow = async (): Promise<void> => {
    for await (const next of alone.follow(await alone.head(), AbortSignal.timeout(20_000))) {
      if ('caughtUp' in next) store.signal('SIGSTOP')
    }
  }
  try {
    assert.equal((await refusal(follow)).reason, 'ServiceUnavailable')
    assert.ok(performance.now() - start < 5000)
  } finally {
    store.signal('SIGCONT')
    await alone.close()
  }
  await recovered()
})

test('a store that hangs and is killed under a heap of appends does not take the process along', async () => {
  // In a process of its own: the client's stray rejections are what matters here, and the test runner minds them.
  const script = fileURLToPath(import.meta.resolve('./append-a-heap.ts'))
  const child = spawn(process.execPath, [script, store.url], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  assert.equal((await lines.next()).value, 'connected')
  store.signal('SIGSTOP')
  child.stdin.write('append\n')
  assert.equal((await lines.next()).value, 'appending')
  await store.kill()
  assert.equal((await lines.next()).value, 'answered 300')
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
})
