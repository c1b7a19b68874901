import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hasCode } from '@reckon/process/error-code'
import type { Layout, MachineFile } from '@reckon/supervisor'
import { type ApiClient, apiBy } from '../asking/api-client.ts'
import { loadAccess } from '../contexts/kubeconfig.ts'

/** How a machine stands with the cluster that it has joined; nobody knows while the control plane is away. */
export type Standing = 'LetIn' | 'ShutOut' | 'Unknown'

/**
 * Asks the cluster at this server by what the machine holds: a Node that was deleted, or a certificate that has ended,
 * shuts it out.
 */
export async function standingOf(
  layout: Layout,
  { node, server }: Pick<MachineFile, 'node' | 'server'>,
): Promise<Standing> {
  // Nobody speaks TLS with one that has ended.
  if (await hasEnded(layout)) return 'ShutOut'
  try {
    const api = await apiAsNode(layout, server)
    const { code } = await api.ask('GET', `/api/v1/nodes/${encodeURIComponent(node)}`)
    if (code === 401) return 'ShutOut'
    // One that was let in and has not reported yet has no Node.
    return code === 200 || code === 404 ? 'LetIn' : 'Unknown'
  } catch {
    return 'Unknown'
  }
}

/** The API at this server, asked as the node that the machine is. */
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
