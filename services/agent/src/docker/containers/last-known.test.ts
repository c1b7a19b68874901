import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LastKnown } from './last-known.ts'

function counted(answer: (id: string) => Promise<string | undefined> = async (id) => id) {
  const asked: string[] = []
  const known = new LastKnown((id: string) => {
    asked.push(id)
    return answer(id)
  })
  return { asked, known }
}

const running = { Id: 'c', State: 'running' }

test('a container is asked about once while events are heard, and again when one came or it is listed otherwise', async () => {
  const { asked, known } = counted()
  known.hear()
  assert.deepEqual([await known.of(running), await known.of(running)], ['c', 'c'])
  assert.equal(asked.length, 1)
  known.forget('c')
  await known.of(running)
  assert.equal(asked.length, 2)
  await known.of({ ...running, State: 'exited' })
  assert.equal(asked.length, 3)
})

test('what is known is not relied on while no events are heard, and nothing of before once they are again', async () => {
  const { asked, known } = counted()
  await known.of(running)
  await known.of(running)
  assert.equal(asked.length, 2)
  known.hear()
  await known.of(running)
  known.lose()
  known.hear()
  await known.of(running)
  assert.equal(asked.length, 4)
})

test('what happens while it is asked about is asked about again, and so is what was gone or failed', async () => {
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  let asks = 0
  const { asked, known } = counted(() => answers[asks++]?.promise ?? Promise.resolve(undefined))
  known.hear()
  const early = known.of(running)
  known.forget('c')
  answers[0]?.resolve('old')
  assert.equal(await early, 'old')
  const failing = known.of(running)
  answers[1]?.reject(new Error('away'))
  await assert.rejects(failing, /away/)
  assert.equal(await known.of(running), undefined)
  assert.equal(await known.of(running), undefined)
  assert.equal(asked.length, 4)
})
