import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { root } from './source-files.ts'

/** On a quiet machine it takes seconds; on an overloaded one it may not finish. */
const knipMsMax = 300_000

test('nothing is exported, listed as a dependency or kept as a file that nobody uses', async () => {
  const knip = promisify(execFile)(`${root}node_modules/.bin/knip`, ['--no-progress'], {
    cwd: root,
    timeout: knipMsMax,
    killSignal: 'SIGKILL',
  })
  const { stdout, killed } = await knip.then(
    (ended) => ({ ...ended, killed: false }),
    (error: { stdout: string; killed: boolean }) => error,
  )
  assert.ok(!killed, `knip was at no end after ${knipMsMax / 1000} s: it proves nothing`)
  assert.equal(stdout.split('Configuration hints')[0], '', 'knip.json says what is started by name')
})
