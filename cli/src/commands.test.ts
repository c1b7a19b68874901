import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const main = join(import.meta.dirname, 'main.ts')

/** How many modules a command has loaded when it ends, as Node itself counts them. */
async function modulesOf(...args: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-modules-'))
  try {
    const env = { ...process.env, NODE_V8_COVERAGE: folder, KUBECONFIG: join(folder, 'none') }
    await new Promise((resolve) => {
      execFile(process.execPath, [main, ...args], { env }, resolve)
    })
    const [file = ''] = await readdir(folder)
    const { result } = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
      result: { url: string }[]
    }
    return result.filter(({ url }) => url.startsWith('file:')).length
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

for (const [most, ...args] of [
  [15, '--help'],
  [15, '--version'],
  [60, 'status', '--data-dir', '/nowhere'],
  [130, 'why', 'pod/web'],
  [130, 'log'],
] as const) {
  test(`reckon ${args.join(' ')} loads ${most} modules at most: each costs its start`, async () => {
    const count = await modulesOf(...args)
    assert.ok(count > 0 && count <= most, `${count} modules`)
  })
}
