import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import type { SeenContainer } from '../../runtime/runtime.ts'
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
  engineFile = join(folder, 'containers/f00d/f00d-json.log')
  mkdirSync(dirname(engineFile), { recursive: true })
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

test('links of others, and files, are not swept', async () => {
  await new LogLinks(root).link(seen, engineFile)
  const others = [join(root, 'containers/other.log'), join(root, 'pods/default_web_u-1/c/9.log')]
  for (const link of others) symlinkSync(join(folder, 'away'), link)
  writeFileSync(join(root, 'pods/default_web_u-1/c/8.log'), 'said')
  rmSync(engineFile)
  await new LogLinks(root).sweep()
  assert.deepEqual(readdirSync(join(root, 'containers')), ['other.log'])
  assert.deepEqual(readdirSync(join(root, 'pods/default_web_u-1/c')), ['8.log', '9.log'])
})

test('links that could not be made are made when the container is seen again', async () => {
  const links = new LogLinks(root)
  writeFileSync(root, 'in the way')
  await assert.rejects(links.link(seen, engineFile), { code: 'ENOTDIR' })
  assert.deepEqual(links.linked(), [])
  rmSync(root)
  await Promise.all([links.link(seen, engineFile), links.link(seen, engineFile)])
  assert.equal(readFileSync(logPathsOf(root, seen).container, 'utf8'), 'said')
  assert.deepEqual([links.linked('u-1'), links.linked('u-2')], [['f00d'], []])
})

test('names too long for a file are cut; what another container bears by now stays its own', async () => {
  const name = 'n'.repeat(253)
  const long = { ...seen, pod: { ...seen.pod, name, uid: randomUUID() }, id: 'a'.repeat(64) }
  const later = { ...long, attempt: 3, id: 'b'.repeat(64) }
  const paths = logPathsOf(root, long)
  assert.equal(basename(paths.container), `${name.slice(0, 251)}.log`)
  const folder = basename(dirname(dirname(paths.attempt)))
  assert.ok(folder.length === 255 && folder.endsWith(`_${long.pod.uid}`), folder)
  const links = new LogLinks(root)
  await links.link(long, engineFile)
  await links.link(later, engineFile)
  await links.unlink(long.id)
  assert.equal(readlinkSync(paths.container), logPathsOf(root, later).attempt)
  assert.deepEqual(readdirSync(dirname(paths.attempt)), ['3.log'])
})

test('the link of the attempt is removed, also where the other one cannot be', async () => {
  const links = new LogLinks(root)
  await links.link(seen, engineFile)
  rmSync(join(root, 'containers'), { recursive: true })
  writeFileSync(join(root, 'containers'), 'in the way')
  await assert.rejects(links.unlink('f00d'), { code: 'ENOTDIR' })
  assert.deepEqual(readdirSync(join(root, 'pods')), [])
})

test('sandboxes have no log, nor have containers that were never started', async () => {
  const links = new LogLinks(root)
  await links.link({ ...seen, container: 'POD' }, engineFile)
  await links.link(seen, '')
  assert.ok(!existsSync(root))
  await links.sweep()
})
