import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as standIn from './collected-tests.ts'

test('what a test mocks is over with it, also where it fails', async () => {
  standIn.beginFile()
  for (const failure of [undefined, new Error('failed')]) {
    const { parse } = JSON
    standIn.test('it', ({ mock }) => {
      mock.method(JSON, 'parse', () => 'mocked')
      assert.equal(JSON.parse('1'), 'mocked')
      if (failure) throw failure
    })
    const run = standIn.collected.at(-1)?.run()
    await (failure ? assert.rejects(run ?? Promise.resolve(), failure) : run)
    assert.equal(JSON.parse, parse)
  }
})
