import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { root } from './source-files.ts'

test('nothing is exported, listed as a dependency or kept as a file that nobody uses', async () => {
  const knip = promisify(execFile)(`${root}node_modules/.bin/knip`, ['--no-progress'], {
    cwd: root,
  })
  const { stdout } = await knip.catch((error: { stdout: string }) => error)
  assert.equal(stdout.split('Configuration hints')[0], '', 'knip.json says what is started by name')
})
