import type { ClusterFile } from '../cluster-file.ts'
import { freePort } from '../free-port.ts'
import type { ProcessReporter } from '../process-reporter.ts'

type Requested = { ingressPort?: number; ingressTlsPort?: number }

/** Where the machine's edge is to listen: as asked, else on the usual ports where these are free, else on others. */
export async function chooseEdgePorts(
  { ingressPort, ingressTlsPort }: Requested,
  report: ProcessReporter,
): Promise<Pick<ClusterFile['ports'], 'ingressHttp' | 'ingressHttps'>> {
  const choose = async (usual: number, spokenFor: ReadonlySet<number>) => {
    const chosen = await freePort(usual, spokenFor)
    if (chosen !== usual)
      report('reckon', `port ${usual}, usual for envoy, is taken; it is ${chosen}`)
    return chosen
  }
  const ingressHttp = ingressPort ?? (await choose(8080, new Set()))
  const ingressHttps = ingressTlsPort ?? (await choose(8443, new Set([ingressHttp])))
  return { ingressHttp, ingressHttps }
}
