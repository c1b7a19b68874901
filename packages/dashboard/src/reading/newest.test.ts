import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Newest } from './newest.ts'

/** Questions that are answered by hand, in the order in which they are asked. */
function asking(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const newest = new Newest()
  const asked: { name: string; signal: AbortSignal; answer(): void }[] = []
  const ask = (name: string) =>
    newest.ask(
      (signal) =>
        new Promise((resolve, reject) => {
          asked.push({ name, signal, answer: resolve })
          signal.addEventListener('abort', reject)
        }),
    )
  const names = () => asked.map(({ name, signal }) => (signal.aborted ? `${name} ended` : name))
  return { newest, asked, ask, names }
}

test('of questions that come while one is under way the newest is asked after it', async (t) => {
  const { asked, ask, names } = asking(t)
  for (const name of ['a', 'b', 'c']) ask(name)
  assert.deepEqual(names(), ['a'])
  asked[0]?.answer()
  await setImmediate()
  assert.deepEqual(names(), ['a', 'c'])
  t.mock.timers.tick(250)
  assert.deepEqual(names(), ['a', 'c'], 'nothing newer waits for it')
})

test('what takes long is given up for what is newer', async (t) => {
  const { ask, names } = asking(t)
  ask('a')
  t.mock.timers.tick(1_000)
  ask('b')
  ask('c')
  t.mock.timers.tick(249)
  assert.deepEqual(names(), ['a'])
  t.mock.timers.tick(1)
  await setImmediate()
  assert.deepEqual(names(), ['a ended', 'c'])
})

test('nothing is asked after the end, until somebody asks again', async (t) => {
  const { newest, ask, names } = asking(t)
  ask('a')
  ask('b')
  newest.end()
  await setImmediate()
  assert.deepEqual(names(), ['a ended'])
  ask('c')
  assert.deepEqual(names(), ['a ended', 'c'])
})
