import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Stands for npm and for what it installs: it says much, and the Node that it brings is this one. */
const noisy = (fails: boolean) => `#!/bin/sh
echo 'npm warn deprecated whatever@1.0.0'
echo 'npm notice a new version of npm' >&2
${fails ? 'exit 1' : `mkdir -p node_modules/.bin && ln -s '${process.execPath}' node_modules/.bin/node`}
`

/** A clone in which nothing is installed yet, and how it is set up there. */
async function freshClone(fails: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-setup-'))
  const bootstrap = join(folder, 'infra/bootstrap')
  await mkdir(join(bootstrap, 'src'), { recursive: true })
  await mkdir(join(folder, 'bin'))
  await copyFile(join(import.meta.dirname, '../setup.mjs'), join(bootstrap, 'setup.mjs'))
  await writeFile(join(bootstrap, 'src/main.ts'), "console.log('• set up')\n")
  await writeFile(join(folder, 'pnpm-lock.yaml'), 'lockfileVersion: 9\n')
  await writeFile(join(folder, 'bin/npx'), noisy(fails), { mode: 0o755 })
  const env = { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` }
  const args = [join(bootstrap, 'setup.mjs'), '--then', 'node', '-p', '"the first line"']
  return {
    setUp: () => run(process.execPath, args, { env }),
    remove: () => rm(folder, { recursive: true }),
  }
}

test('nothing of what npm says stands before the first line, whether there is something to install or not', async (t) => {
  const { setUp, remove } = await freshClone(false)
  t.after(remove)
  const first = await setUp()
  const [installing = '', ...rest] = first.stdout.trimEnd().split('\n')
  assert.match(installing, /^• Installing dependencies from npm/)
  assert.deepEqual([rest, first.stderr], [['• set up', 'the first line'], ''])
  const again = await setUp()
  assert.deepEqual([again.stdout, again.stderr], ['• set up\nthe first line\n', ''])
})

test('where npm fails, all that it said is told', async (t) => {
  const { setUp, remove } = await freshClone(true)
  t.after(remove)
  await assert.rejects(setUp, /npm notice a new version.*\nInstalling the dependencies failed/s)
})
