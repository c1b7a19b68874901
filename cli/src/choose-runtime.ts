import { ensureDockerEngine } from '@reckon/bootstrap'
import type { Report, Runtime } from '@reckon/supervisor'

/** Docker, started if need be; where it cannot be had, why not is said and pods are simulated. */
export async function chooseRuntime(
  dockerHost: string | undefined,
  report: Report,
): Promise<Runtime> {
  try {
    await ensureDockerEngine(dockerHost)
    return 'docker'
  } catch (error) {
    report('reckon', `no Docker engine: ${error instanceof Error ? error.message : error}`)
    report('reckon', 'pods are simulated; "npm run setup" as root installs what is missing')
    return 'simulated'
  }
}
