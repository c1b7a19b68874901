import { runTests } from '../run-tests.ts'
import { openSandbox } from './sandbox.ts'

/** Runs end-to-end tests alone: `node test/e2e/main.ts [file …]`. */
const files = process.argv.slice(2)
const sandbox = await openSandbox()
try {
  const env = { RECKON_E2E_FOLDER: sandbox.folder, RECKON_E2E_DOCKER: sandbox.dockerSocket }
  const patterns = files.length > 0 ? files : ['test/e2e/*.test.ts']
  const { failed } = await runTests(patterns, { enter: sandbox.enter, env, concurrency: 1 })
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  await sandbox.close()
}
