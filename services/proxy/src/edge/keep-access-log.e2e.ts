import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { edgeFiles } from '@reckon/routing'
import { RunningEdge } from './edge.fixture.ts'
import { eventually } from './envoy.fixture.ts'
import { rotateAccessLog } from './keep-access-log.ts'

let edge: RunningEdge
before(async () => {
  edge = await RunningEdge.start([])
})
after(() => edge.close())

const pathsIn = async (file: string): Promise<string[]> => {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line).path)
}

test('a long log is put aside, and each request stands in one of both', async () => {
  const files = edgeFiles(edge.folder)
  const ask = async (path: string) => assert.equal((await edge.ask('a.test', path)).status, 404)
  const isIn = (file: string, path: string) =>
    eventually(`${path} is in ${file}`, async () => (await pathsIn(file)).includes(path))
  await ask('/first')
  await isIn(files.accessLog, '/first')
  await rotateAccessLog(files, 1024 * 1024)
  assert.deepEqual(await pathsIn(files.earlierAccessLog), [])

  await rotateAccessLog(files, 0)
  for (const path of ['/second', '/third']) await ask(path)
  await isIn(files.accessLog, '/third')
  assert.deepEqual(await pathsIn(files.accessLog), ['/second', '/third'])
  assert.equal((await pathsIn(files.earlierAccessLog)).at(-1), '/first')
})
