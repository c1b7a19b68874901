import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../run-tests.ts'

const run = promisify(execFile)
const reckon = join(root, 'node_modules/.bin/reckon')

/** Starts a cluster of one node with simulated pods, and removes it afterwards. */
export async function withOwnCluster<T>(use: (kubeconfig: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reckon-bench-'))
  const reset = async () => {
    await run(reckon, ['reset', '--data-dir', dataDir])
    await rm(dataDir, { recursive: true, force: true })
  }
  // Its processes are detached from this one: they would outlive an interrupted run.
  const callOff = () => void reset().finally(() => process.exit(130))
  process.once('SIGINT', callOff).once('SIGTERM', callOff)
  try {
    await run(reckon, ['up', '--detach', '--data-dir', dataDir, '--runtime', 'simulated'])
    return await use(join(dataDir, 'kubeconfig'))
  } finally {
    process.off('SIGINT', callOff).off('SIGTERM', callOff)
    await reset()
  }
}
