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
 * Chooses the ports of the machine's edge and registry: as requested, else the usual ones if they are free, else
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
