import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'
import { Moments } from './moments.ts'
import { openPast } from './open-past.ts'
import { ResourcesAt } from './resources-at.ts'

test('two times are looked for at once, and who has gone is not waited for', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>()
  let begun = 0
  const { log } = api.ports
  const slow = {
    ...log,
    async *readAllBackwards(before?: bigint) {
      begun++
      await mayGoOn
      yield* log.readAllBackwards(before)
    },
  }
  const ports = { ...api.ports, log: slow }
  const { objects } = ports
  const recent = { asOf: () => undefined }
  const moments = new Moments(ports, new ResourcesAt({ objects, recent, past: openPast(ports) }))
  const gone = new AbortController()
  const never = new AbortController().signal
  await assert.rejects(moments.positionBy(Date.parse('2001-01-01'), never), /nothing is recorded/)
  assert.equal(begun, 0, 'the log had not begun')
  const asked = [never, never, never].map((signal) => moments.positionBy(Date.now(), signal))
  const left = moments.positionBy(Date.now(), gone.signal)
  gone.abort(new Error('gone'))
  await assert.rejects(left, /gone/)
  assert.equal(begun, 2)
  goOn()
  const head = await log.head()
  assert.deepEqual(await Promise.all(asked), [head, head, head])
  assert.equal(begun, 3)
})
