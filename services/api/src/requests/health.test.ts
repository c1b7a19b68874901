import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const textOf = async (path: string) => {
  const { code, text } = await api.ask('GET', path)
  return [code, text]
}

test('a probe says ok, and with verbose what it is made of', async () => {
  for (const probe of ['livez', 'healthz', 'readyz']) {
    assert.deepEqual(await textOf(`/${probe}`), [200, 'ok'])
  }
  assert.deepEqual(await textOf('/livez?verbose'), [200, '[+]ping ok\nlivez check passed\n'])
  assert.deepEqual(await textOf('/readyz?verbose'), [
    200,
    '[+]ping ok\n[+]informer-sync ok\n[+]shutdown ok\nreadyz check passed\n',
  ])
})

test('a part can be left out, and asked for alone; one that is none is said', async () => {
  assert.deepEqual(await textOf('/readyz?verbose&exclude=ping&exclude=nope'), [
    200,
    '[+]ping excluded: ok\n[+]informer-sync ok\n[+]shutdown ok\nwarn: some health checks cannot be excluded: no matches for "nope"\nreadyz check passed\n',
  ])
  assert.deepEqual(await textOf('/livez/ping'), [200, 'ok'])
  assert.deepEqual(await textOf('/readyz/informer-sync'), [200, 'ok'])
  assert.deepEqual(await textOf('/livez/nope'), [404, '404 page not found\n'])
})

test('the parts are told as figures, too', async () => {
  const [code, text] = await textOf('/metrics/slis')
  assert.equal(code, 200)
  assert.match(String(text), /^kubernetes_healthcheck\{name="informer-sync",type="readyz"\} 1$/m)
})
