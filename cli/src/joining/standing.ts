import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hasCode } from '@reckon/process/error-code'
import type { Layout, MachineFile } from '@reckon/supervisor'
import { type ApiClient, apiBy } from '../asking/api-client.ts'
import { loadAccess } from '../contexts/kubeconfig.ts'

/** A machine's standing in the cluster that it has joined; unknown while the control plane is away. */
export type Standing = 'LetIn' | 'ShutOut' | 'Unknown'

/**
 * Asks the cluster with the machine's credentials: the machine is excluded if its Node was deleted or its certificate
 * has expired.
 */
export async function standingOf(
  layout: Layout,
  { node, server }: Pick<MachineFile, 'node' | 'server'>,
): Promise<Standing> {
  // Nobody accepts TLS with an expired certificate.
  if (await hasEnded(layout)) return 'ShutOut'
  try {
    const api = await apiAsNode(layout, server)
    const { code } = await api.ask('GET', `/api/v1/nodes/${encodeURIComponent(node)}`)
    if (code === 401) return 'ShutOut'
    // A machine that was admitted and has not reported yet has no Node.
    return code === 200 || code === 404 ? 'LetIn' : 'Unknown'
  } catch {
    return 'Unknown'
  }
}

/** A client for this server, as the machine's node. */
export const apiAsNode = async ({ kubeconfig }: Layout, server: string): Promise<ApiClient> =>
  apiBy({ ...(await loadAccess(kubeconfig)), server })

async function hasEnded({ nodeCredentials }: Layout): Promise<boolean> {
  const credentials = await readFile(nodeCredentials).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
  return (
    credentials === undefined || Date.parse(new X509Certificate(credentials).validTo) < Date.now()
  )
}
