import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
const configMaps = inDefault('configmaps')

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await api.ask('POST', configMaps, { body: configMap(name, { labels: { name } }) })
  }
})
after(() => api.close())

const names = ({ json }: Awaited<ReturnType<typeof api.ask>>) =>
  json.items.map(({ metadata }) => metadata.name)

test('pages are of one position, whatever is written between them', async () => {
  const first = await api.ask('GET', `${configMaps}?limit=2`)
  assert.deepEqual(names(first), ['a', 'b'])
  const meta = first.json.metadata as unknown as Record<string, string>
  assert.equal(meta.remainingItemCount as unknown, 3)
  await api.ask('POST', configMaps, { body: configMap('ca') })
  await api.ask('DELETE', `${configMaps}/d`)
  const second = await api.ask('GET', `${configMaps}?limit=500&continue=${meta.continue}`)
  assert.deepEqual(names(second), ['c', 'd', 'e'])
  assert.equal(second.json.metadata.resourceVersion, first.json.metadata.resourceVersion)
  await api.ask('DELETE', `${configMaps}/ca`)
  await api.ask('POST', configMaps, { body: configMap('d', { labels: { name: 'd' } }) })
})

test('a label of a name that every object inherits is on none', async () => {
  assert.deepEqual(names(await api.ask('GET', `${configMaps}?labelSelector=toString`)), [])
})

test('a token that is none is refused, one that is too old is expired with a new one', async () => {
  assert.equal((await api.ask('GET', `${configMaps}?limit=2&continue=nonsense`)).code, 400)
  const token = { v: 'meta.k8s.io/v1', rv: '1', start: 'default b', given: 2 }
  const old = Buffer.from(JSON.stringify(token)).toString('base64url')
  const expired = await api.ask('GET', `${configMaps}?limit=2&continue=${old}`)
  assert.equal(expired.code, 410)
  assert.equal(expired.json.reason, 'Expired')
  const fresh = (expired.json.metadata as unknown as { continue: string }).continue
  assert.deepEqual(names(await api.ask('GET', `${configMaps}?continue=${fresh}`)), ['c', 'd', 'e'])
})

test('selectors narrow; one that makes no sense is refused', async () => {
  const labels = await api.ask('GET', `${configMaps}?labelSelector=name%20in%20(a,c)`)
  assert.deepEqual(names(labels), ['a', 'c'])
  const fields = await api.ask('GET', `${configMaps}?fieldSelector=metadata.name%3Db`)
  assert.deepEqual(names(fields), ['b'])
  const everywhere = await api.ask('GET', '/api/v1/configmaps?fieldSelector=metadata.name%3Db')
  assert.deepEqual(names(everywhere), ['b'])
  assert.equal((await api.ask('GET', `${configMaps}?fieldSelector=spec.foo%3Db`)).code, 400)
  assert.equal((await api.ask('GET', `${configMaps}?labelSelector=%3D%3D`)).code, 400)
})

test('a table has a row for each object, and the columns of its kind', async () => {
  const { json } = await api.ask('GET', configMaps, { accept: table })
  const shown = json as unknown as {
    kind: string
    columnDefinitions: { name: string }[]
    rows: { cells: unknown[]; object: { kind: string } }[]
  }
  assert.equal(shown.kind, 'Table')
  assert.deepEqual(
    shown.columnDefinitions.map(({ name }) => name),
    ['Name', 'Data', 'Age'],
  )
  assert.equal(shown.rows[0]?.cells[0], 'a')
  assert.equal(shown.rows[0]?.object.kind, 'PartialObjectMetadata')
  const one = await api.ask('GET', `${configMaps}/a`, { accept: table })
  assert.equal(one.json.kind, 'Table')
  const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
  const partial = await api.ask('GET', configMaps, { accept })
  assert.equal(partial.json.kind, 'PartialObjectMetadataList')
  assert.equal('data' in (partial.json.items[0] ?? {}), false)
})

test('a version is waited for, exact, or from another log', async () => {
  const { json } = await api.ask('GET', configMaps)
  const now = BigInt(json.metadata.resourceVersion ?? '')
  assert.equal((await api.ask('GET', `${configMaps}?resourceVersion=${now}`)).code, 200)
  assert.equal((await api.ask('GET', `${configMaps}?resourceVersion=0`)).code, 200)
  const future = await api.ask('GET', `${configMaps}?resourceVersion=${now + 1_000_000n}`)
  assert.equal(future.code, 410)
  assert.equal((await api.ask('GET', `${configMaps}?resourceVersion=abc`)).code, 422)
  await api.ask('POST', configMaps, { body: configMap('later') })
  const exact = `${configMaps}?resourceVersion=${now}&resourceVersionMatch=Exact`
  assert.deepEqual(names(await api.ask('GET', exact)), ['a', 'b', 'c', 'd', 'e'])
})

test('while the log is away, only reads that do not wait are answered', async () => {
  const away = await startedApi()
  await away.ask('POST', configMaps, { body: configMap('a') })
  await away.ask('GET', configMaps)
  await away.ports.log.close()
  const waiting = await away.ask('GET', configMaps)
  assert.equal(waiting.code, 503)
  assert.equal(waiting.headers['retry-after'], '1')
  const write = await away.ask('POST', configMaps, { body: configMap('b') })
  assert.equal(write.code, 503)
  const stale = await away.ask('GET', `${configMaps}?resourceVersion=0`)
  assert.equal(stale.code, 200)
  assert.equal(stale.json.items.length, 1)
  await away.close()
})

test('numbers are read as upstream reads them, and what says no is no watch', async () => {
  const answer = (query: string) => api.ask('GET', `${configMaps}?${query}`)
  for (const query of ['limit=-1', 'limit=0', 'limit=9223372036854775807', 'timeoutSeconds=-1']) {
    assert.ok((await answer(query)).json.metadata, query)
  }
  for (const [text, why] of [
    ['x', 'invalid syntax'],
    ['1.5', 'invalid syntax'],
    ['', 'invalid syntax'],
    ['9223372036854775808', 'value out of range'],
  ]) {
    for (const query of [`limit=${text}`, `timeoutSeconds=${text}`, `watch=1&limit=${text}`]) {
      const { code, json } = await answer(query)
      assert.deepEqual([code, json.message], [400, `strconv.ParseInt: parsing "${text}": ${why}`])
    }
  }
  for (const no of ['0', 'false', 'FALSE']) {
    assert.equal((await answer(`watch=${no}`)).json.kind, 'ConfigMapList')
  }
  for (const yes of ['', 'x', 'no']) {
    const { lines } = await answer(`watch=${yes}&timeoutSeconds=-1`)
    assert.ok(lines.every(({ type }) => type === 'ADDED'))
  }
})
