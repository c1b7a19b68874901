import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import client from '@eventstore/db-client/package.json' with { type: 'json' }
import grpc from '@grpc/grpc-js/package.json' with { type: 'json' }
import { root } from '../run-tests.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'unpatched-client-'))
after(() => rm(folder, { recursive: true }))

const suites = [
  'test/contract/event-log.test.ts',
  'test/contract/event-store-outage.test.ts',
  'test/contract/early-reads.test.ts',
  'test/contract/client-codec.test.ts',
  'test/contract/call-messages.test.ts',
  'infra/event-store/src/**/*.test.ts',
]

const isLong = process.env.RECKON_TEST_LONG === '1'

test('the contracts hold with the packages as published, too', { skip: !isLong }, async () => {
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  const packages = [client, grpc].map(({ name, version }) => `${name}@${version}`)
  const pnpm = ['-y', 'pnpm@12.21.0', 'add', '--prefer-offline', '--ignore-scripts', ...packages]
  await run('npx', pnpm, { cwd: folder })
  const installed = join(folder, 'node_modules/@eventstore/db-client/dist/utils')
  assert.ok(existsSync(installed) && !existsSync(join(installed, 'protobuf.js')))
  const call = join(folder, 'node_modules/@grpc/grpc-js/build/src/retrying-call.js')
  assert.ok(!(await readFile(call, 'utf8')).includes('sendAtOnce'))
  const hook = fileURLToPath(import.meta.resolve('./resolve-unpatched-client.ts'))
  const env = {
    ...process.env,
    // They would make the tests within report to this one, and last as long as all tests together.
    NODE_TEST_CONTEXT: undefined,
    RECKON_TEST_LONG: undefined,
    NODE_OPTIONS: `--import=${hook}`,
    UNPATCHED_CLIENT: folder,
  }
  const options = ['--test', '--test-timeout=120000', '--test-concurrency=1', ...suites]
  const { stdout } = await run(process.execPath, options, { cwd: root, env })
  assert.match(stdout, /fail 0/)
})
