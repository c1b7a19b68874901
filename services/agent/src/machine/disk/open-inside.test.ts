import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isRefusal } from '@reckon/kubernetes'
import { openedPath, openInside } from './open-inside.ts'

/** A volume, and beside it what belongs to the machine. */
async function withVolume(check: (volume: string, outside: string) => Promise<void>) {
  const dir = await mkdtemp(join(tmpdir(), 'reckon-inside-'))
  const [volume, outside] = [join(dir, 'volume'), join(dir, 'outside')]
  try {
    await mkdir(volume)
    await mkdir(outside)
    await check(volume, outside)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function opened(base: string, subPath: string, mayMake = true): Promise<string> {
  await using handle = await openInside({ volume: 'v', base, subPath, mayMake })
  return await readlink(openedPath(handle))
}

const isInvalid = (error: unknown) => isRefusal(error, 'Invalid')

test('a path is made where nothing is, and found where something is', async () => {
  await withVolume(async (volume) => {
    assert.equal(await opened(volume, 'logs//today/'), join(volume, 'logs/today'))
    await writeFile(join(volume, 'logs/file'), '')
    assert.equal(await opened(volume, 'logs/./file'), join(volume, 'logs/file'))
    assert.equal(await opened(volume, '.'), volume)
    await assert.rejects(opened(volume, 'none', false), (error) => isRefusal(error, 'NotFound'))
  })
})

test('links that stay inside are followed', async () => {
  await withVolume(async (volume) => {
    await mkdir(join(volume, 'a'))
    await symlink('a', join(volume, 'b'))
    await symlink('../b', join(volume, 'a/up'))
    assert.equal(await opened(volume, 'b/new'), join(volume, 'a/new'))
    assert.equal(await opened(volume, 'a/up/new'), join(volume, 'a/new'))
  })
})

test('nothing is made or opened through a link that leads out, whether something is there or not', async () => {
  await withVolume(async (volume, outside) => {
    await mkdir(join(outside, 'there'))
    await mkdir(join(volume, 'deep'))
    await symlink(outside, join(volume, 'out'))
    await symlink('../../outside', join(volume, 'deep/out'))
    await symlink(join(outside, 'nothing'), join(volume, 'dangling'))
    await symlink('/', join(volume, 'root'))
    await symlink('loop', join(volume, 'loop'))
    for (const subPath of [
      'out',
      'out/new',
      'out/there',
      'deep/out/new',
      'dangling',
      'dangling/x',
    ]) {
      await assert.rejects(opened(volume, subPath), isInvalid, subPath)
    }
    await assert.rejects(opened(volume, `root${outside}/new`), isInvalid)
    await assert.rejects(opened(volume, '../outside/new'), isInvalid)
    await assert.rejects(opened(volume, 'loop'), { code: 'ELOOP' })
    assert.deepEqual(await readdir(outside), ['there'])
    assert.deepEqual(await readdir(join(outside, 'there')), [])
  })
})

/** Does the steps over and over while something is tried a thousand times, and on until each outcome has been seen. */
async function meanwhile(
  steps: () => Promise<void>,
  attempt: (i: number) => Promise<void>,
  hasSeenAll: () => boolean,
) {
  let isOver = false
  const going = (async () => {
    while (!isOver) await steps()
  })()
  try {
    for (let i = 0; i < 1_000 || !hasSeenAll(); i++) await attempt(i)
  } finally {
    isOver = true
    await going
  }
}

test('a link that leads in and out by turns leads nowhere out', async () => {
  await withVolume(async (volume, outside) => {
    const [link, next] = [join(volume, 'link'), join(volume, 'next')]
    await mkdir(join(volume, 'dir'))
    await symlink('dir', link)
    const leadTo = async (target: string) => {
      await symlink(target, next)
      await rename(next, link)
    }
    const turn = async () => {
      await leadTo(outside)
      await leadTo('dir')
    }
    const outcomes = { made: 0, refused: 0 }
    const attempt = async (i: number) => {
      try {
        assert.equal(await opened(volume, `link/new-${i}`), join(volume, `dir/new-${i}`))
        outcomes.made++
      } catch (error) {
        if (!isInvalid(error)) throw error
        outcomes.refused++
      }
    }
    await meanwhile(turn, attempt, () => outcomes.made > 0 && outcomes.refused > 0)
    assert.deepEqual(await readdir(outside), [])
  })
})

test('a directory that is a link by turns is opened or refused, and the link never followed', async () => {
  await withVolume(async (volume, outside) => {
    const [dir, link, aside] = [join(volume, 'dir'), join(volume, 'link'), join(volume, 'aside')]
    await mkdir(join(dir, 'x'), { recursive: true })
    await mkdir(join(outside, 'x'))
    await symlink(outside, link)
    const turn = async () => {
      await rename(dir, aside)
      await rename(link, dir)
      await rename(dir, link)
      await rename(aside, dir)
    }
    let found = 0
    const attempt = async () => {
      try {
        const path = await opened(volume, 'dir/x', false)
        assert.ok(path.startsWith(`${volume}/`), path)
        found++
      } catch (error) {
        if (!isInvalid(error) && !isRefusal(error, 'NotFound')) throw error
      }
    }
    await meanwhile(turn, attempt, () => found > 0)
  })
})
