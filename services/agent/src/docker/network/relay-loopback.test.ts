import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

test('a relay whose agent is gone ends, and leaves nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-'))
  const program = join(import.meta.dirname, 'relay-loopback.ts')
  const relay = spawn(process.execPath, [program, join(folder, 'relay.sock')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(relay.stdout, 'data')
  assert.equal(existsSync(folder), true)
  // So does the kernel with the input of those whose parent was killed.
  relay.stdin.destroy()
  await once(relay, 'exit')
  assert.equal(existsSync(folder), false)
})
