import { freePort } from '../ports/free-port.ts'
import type { ProcessReporter } from '../processes/process-reporter.ts'
import type { Runtime } from '../settings/cluster-file.ts'
import type { MachineFile } from './machine-file.ts'

type Requested = {
  runtime: Runtime
  ingressPort?: number
  ingressTlsPort?: number
  registryPort?: number
}

/**
 * Where the machine's edge and its images are to be: as asked, else on the usual ports where these are free, else on
 * others.
 */
export async function chooseMachinePorts(
  { runtime, ingressPort, ingressTlsPort, registryPort }: Requested,
  report: ProcessReporter,
): Promise<MachineFile['ports']> {
  const choose = async (process: string, usual: number, spokenFor: readonly number[]) => {
    const chosen = await freePort(usual, new Set(spokenFor))
    if (chosen !== usual) {
      report('reckon', `port ${usual}, usual for ${process}, is taken; it is ${chosen}`)
    }
    return chosen
  }
  const ingressHttp = ingressPort ?? (await choose('envoy', 8080, []))
  const ingressHttps = ingressTlsPort ?? (await choose('envoy', 8443, [ingressHttp]))
  if (runtime === 'simulated') return { ingressHttp, ingressHttps }
  const registry = registryPort ?? (await choose('registry', 5055, [ingressHttp, ingressHttps]))
  return { ingressHttp, ingressHttps, registry }
}
