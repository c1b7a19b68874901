import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Layout, readClusterFile } from '@reckon/supervisor/reading'

/** The command to type on another machine; undefined where this cluster is only reachable on its own machine. */
export async function joinLine(layout: Layout, token: string): Promise<string | undefined> {
  const cluster = await readClusterFile(layout)
  if (!cluster?.advertise) return undefined
  const address = `${cluster.advertise}:${cluster.ports.api}`
  const hash = authorityHash(await readFile(layout.certificate('ca')))
  return `reckon join ${address} --token ${token} --ca-hash ${hash}`
}

/**
 * The hash of the CA's public key by which a machine verifies the cluster, as kubeadm's
 * `--discovery-token-ca-cert-hash`.
 */
export function authorityHash(certificate: string | Buffer): string {
  const { publicKey } = new X509Certificate(certificate)
  const key = publicKey.export({ type: 'spki', format: 'der' })
  return `sha256:${createHash('sha256').update(key).digest('hex')}`
}
