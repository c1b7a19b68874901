import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { PersistentShell } from './persistent-shell.ts'

test('commands are carried out in turn by one shell; what failed says why, and those after it go on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-shell-'))
  const file = join(folder, 'said')
  const shell = new PersistentShell()
  try {
    const [first, second, third] = [
      shell.run(`sleep 0.1; echo one $$ > ${file}`),
      shell.run('cat <<E >&2 && false\nit is\nbroken\nE'),
      shell.run(`echo two $$ >> ${file}`),
    ]
    await first
    await assert.rejects(second, { message: 'it is\nbroken' })
    await third
    const [one = '', two = ''] = (await readFile(file, 'utf8')).split('\n')
    assert.equal(one.replace('one', 'two'), two)
    await assert.rejects(shell.run('(exit 3)'), { message: 'it ended with 3' })
    await assert.rejects(shell.run('kill -9 $$'), { message: 'the shell has ended' })
    await shell.run('true')
  } finally {
    await rm(folder, { recursive: true })
  }
})
