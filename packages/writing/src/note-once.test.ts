import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noteIn, notesStream } from '@reckon/domain'
import { byAda, configMap, foundedCluster } from './cluster.fixture.ts'
import { noteOnce } from './note-once.ts'

const minuteMs = 60_000
const component = 'cronjob-controller'

async function noting() {
  const { ports, clock, create, log } = await foundedCluster()
  const { object } = await create('configmaps', configMap('a'))
  const say = (message: string, text: object = {}) =>
    noteOnce(ports, object, { reason: 'Because', message, component, ...text }, byAda)
  const recorded = () =>
    Array.fromAsync(log.readStream(notesStream(object.metadata.uid ?? '')), noteIn)
  return { say, recorded, pass: (minutes: number) => clock.sleep(minutes * minuteMs) }
}

test('what is said again and again for hours is noted at counts 1, 2, 4, 8, since when it was said first', async () => {
  const { say, recorded, pass } = await noting()
  for (let minutes = 0; minutes < 8 * 60; minutes += 10) {
    await say('so it is')
    await pass(10)
  }
  const notes = await recorded()
  assert.deepEqual(
    notes.map(({ count }) => count),
    [1, 2, 4, 8],
  )
  assert.deepEqual(
    notes.map(({ firstTimestamp }) => firstTimestamp),
    Array(4).fill('2026-11-21T00:00:00Z'),
  )
})

test('of many different ones so many are noted within an hour; later ones are again', async () => {
  const { say, recorded, pass } = await noting()
  for (let told = 0; told < 30; told++) await say(`missed ${told}`)
  assert.equal((await recorded()).length, 20)
  await pass(61)
  await say('missed once more')
  assert.equal((await recorded()).at(-1)?.message, 'missed once more')
})

test('what another component says, or what has another reason, is not the same', async () => {
  const { say, recorded } = await noting()
  await say('so it is')
  await say('so it is', { component: 'job-controller' })
  await say('so it is', { reason: 'Otherwise' })
  assert.equal((await recorded()).length, 3)
})
