import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import type { SeenContainer } from '../runtime/runtime.ts'
import { LogLinks, logPathsOf } from './log-links.ts'

const seen: SeenContainer = {
  ...{ id: 'f00d', pod: { uid: 'u-1', namespace: 'default', name: 'web' } },
  ...{ container: 'c', attempt: 2, sandboxId: 's', state: 'Running' },
  ...{ image: 'i', imageId: 'i', exitCode: 0, outOfMemory: false },
}
let folder: string
let root: string
let engineFile: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reckon-log-links-'))
  root = join(folder, 'log')
  engineFile = join(folder, 'f00d-json.log')
  writeFileSync(engineFile, 'said')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a container’s log is found where collectors look, and gone with the container', async () => {
  const links = new LogLinks(root)
  await links.link(seen, engineFile)
  const paths = logPathsOf(root, seen)
  assert.equal(paths.attempt, join(root, 'pods/default_web_u-1/c/2.log'))
  assert.equal(paths.container, join(root, 'containers/web_default_c-f00d.log'))
  assert.equal(readFileSync(paths.container, 'utf8'), 'said')
  await links.link({ ...seen, id: 'beef', attempt: 3 }, engineFile)
  await links.unlink('f00d')
  assert.deepEqual(readdirSync(join(root, 'pods/default_web_u-1/c')), ['3.log'])
  await links.unlink('beef')
  assert.deepEqual(
    [readdirSync(join(root, 'pods')), readdirSync(join(root, 'containers'))],
    [[], []],
  )
})

test('an agent that starts anew takes over what is there and sweeps what is not', async () => {
  await new LogLinks(root).link(seen, engineFile)
  const links = new LogLinks(root)
  await links.sweep()
  await links.link(seen, engineFile)
  assert.equal(readFileSync(logPathsOf(root, seen).attempt, 'utf8'), 'said')
  rmSync(engineFile)
  await new LogLinks(root).sweep()
  assert.deepEqual(
    [readdirSync(join(root, 'pods')), readdirSync(join(root, 'containers'))],
    [[], []],
  )
})

test('sandboxes have no log, nor have containers that were never started', async () => {
  const links = new LogLinks(root)
  await links.link({ ...seen, container: 'POD' }, engineFile)
  await links.link(seen, '')
  assert.ok(!existsSync(root))
  await links.sweep()
})
