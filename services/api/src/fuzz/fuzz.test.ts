import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { resourceId } from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import { startedApi } from '../api.fixture.ts'
import { askedAtRandom } from './random-requests.fixture.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const seed = Number(process.env.RECKON_FUZZ_SEED ?? 1)
const objectsCount = Number(process.env.RECKON_FUZZ_OBJECTS ?? (isLong ? 5_000 : 400))

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

test(`${objectsCount} objects made from the schemas: none is a bug of ours, and none is half recorded`, async () => {
  const random = new Random(seed)
  const failures: string[] = []
  for (let n = 0; n < objectsCount; n++)
    failures.push((await askedAtRandom(api, random, `f${n}`)) ?? '')
  assert.equal(failures.filter((each) => each !== '').join('\n\n'), '')
})

test('what was recorded then is the same to whoever reads it anew', async () => {
  await api.ports.reader.waitForHead(5_000)
  const other = await startedApi({ over: api.ports.log })
  await other.ports.reader.waitForHead(30_000)
  for (const resource of api.ports.objects.resources.all) {
    const listOf = ({ ports }: typeof api) =>
      [...ports.objects.scan(resource)].map(({ object }) => object)
    assert.deepEqual(listOf(other), listOf(api), resourceId(resource))
  }
  await other.close()
})
