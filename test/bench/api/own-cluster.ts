import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../run-tests.ts'

const run = promisify(execFile)
const reckon = join(root, 'node_modules/.bin/reckon')

/** Starts a cluster of one node whose pods only pretend to run, and takes all of it away afterwards. */
export async function withOwnCluster<T>(use: (kubeconfig: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reckon-bench-'))
  const reset = async () => {
    await run(reckon, ['reset', '--data-dir', dataDir])
    await rm(dataDir, { recursive: true, force: true })
  }
  // Its processes live apart from us: they would outlive a run that is called off.
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
