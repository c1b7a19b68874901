import { runInSandboxes } from './run-in-sandboxes.ts'

/** Runs end-to-end tests alone: `node test/e2e/main.ts [file …]`. */
const files = process.argv.slice(2)
const { failed } = await runInSandboxes(files.length > 0 ? files : ['test/e2e/*.test.ts'])
process.exitCode = failed === 0 ? 0 : 1
