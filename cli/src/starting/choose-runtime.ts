import { ensureDockerEngine } from '@reckon/bootstrap'
import {
  type Layout,
  type ProcessReporter,
  type Runtime,
  readClusterFile,
} from '@reckon/supervisor'

type RuntimeOptions = { runtime?: Runtime; dockerHost?: string }

/**
 * Chooses the runtime: the requested one; else the one that this cluster began with; else Docker, started if needed.
 * Only a new cluster without a request gets simulated pods where there is no Docker, and the user is told why.
 */
export async function chooseRuntime(
  layout: Layout,
  { runtime, dockerHost }: RuntimeOptions,
  report: ProcessReporter,
): Promise<Runtime> {
  const earlier = await readClusterFile(layout)
  if (earlier && runtime && earlier.runtime !== runtime) {
    throw new Error(
      `the nodes of the cluster in ${layout.dataDir} are of the runtime "${earlier.runtime}"; for another, "reckon reset" it, or name another --data-dir`,
    )
  }
  const wanted = runtime ?? earlier?.runtime
  if (wanted === 'simulated') return wanted
  try {
    await ensureDockerEngine(dockerHost ?? earlier?.dockerHost)
    return 'docker'
  } catch (error) {
    if (wanted === 'docker' || dockerHost) throw error
    report('reckon', `no Docker engine: ${error instanceof Error ? error.message : error}`)
    report('reckon', 'pods are simulated; "npm run setup" as root installs what is missing')
    return 'simulated'
  }
}
