import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { linkCommands, linkPlugins } from './link-commands.ts'

const run = promisify(execFile)

test('the commands come where the PATH finds them, once, and take the place of no other program', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'reckon-link-'))
  t.after(() => rm(home, { recursive: true }))
  const [first, second] = [join(home, '.local/bin'), join(home, 'bin')]
  for (const folder of [first, second]) await mkdir(folder, { recursive: true })
  const told = await linkCommands({ path: '/nowhere', home })
  assert.match(told ?? '', /add ours: export PATH=".*node_modules\/\.bin:\$PATH"/)

  const path = ['/nowhere', second, first].join(delimiter)
  assert.equal(await linkCommands({ path, home }), `reckon and kubectl-why are in ${first} now`)
  assert.equal(await linkCommands({ path, home }), undefined)
  const { stdout } = await run(join(first, 'reckon'), ['--version'])
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/)

  const kubectl = join(home, 'kubectl.1.33')
  await writeFile(kubectl, '#!/bin/sh\necho "$@"', { mode: 0o755 })
  const withKubectl = `reckon and kubectl-why and kubectl are in ${first} now`
  assert.equal(await linkCommands({ path, home }, kubectl), withKubectl)
  assert.equal((await run(join(first, 'kubectl'), ['get', 'pods'])).stdout, 'get pods\n')

  await writeFile(join(first, 'reckon'), 'mine')
  assert.match((await linkCommands({ path, home })) ?? '', new RegExp(`are in ${second} now`))
  assert.equal(await readFile(join(first, 'reckon'), 'utf8'), 'mine')
})

test('the plugins of kubectl come there, too, and each starts the command of its name', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'reckon-link-'))
  t.after(() => rm(home, { recursive: true }))
  await mkdir(join(home, 'bin'))
  await assert.rejects(linkPlugins({ path: '/nowhere', home }), /on the PATH/)
  const { folder, names } = await linkPlugins({ path: join(home, 'bin'), home })
  assert.equal(folder, join(home, 'bin'))
  assert.ok(names.includes('kubectl-history'))
  const { stdout } = await run(join(folder, 'kubectl-history'), ['--help'])
  assert.match(stdout, /Usage: reckon history/)
})
