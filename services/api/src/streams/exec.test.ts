import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

test('a pod that is none is not found, whatever else the request lacks', async () => {
  for (const query of ['', '?stdout=true', '?command=ls&stdout=true']) {
    const { code, json } = await api.ask('POST', `${inDefault('pods')}/none/exec${query}`)
    assert.deepEqual([code, json.message], [404, 'pods "none" not found'])
  }
})
