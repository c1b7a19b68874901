import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Layout, readClusterFile } from '@reckon/supervisor/reading'

/** What is to be typed on another machine; undefined where this cluster listens on its own machine only. */
export async function joinLine(layout: Layout, token: string): Promise<string | undefined> {
  const cluster = await readClusterFile(layout)
  if (!cluster?.advertise) return undefined
  const address = `${cluster.advertise}:${cluster.ports.api}`
  const hash = authorityHash(await readFile(layout.certificate('ca')))
  return `reckon join ${address} --token ${token} --ca-hash ${hash}`
}

/**
 * By which a machine knows the cluster's authority: of its public key, as kubeadm's `--discovery-token-ca-cert-hash`.
 */
export function authorityHash(certificate: string | Buffer): string {
  const { publicKey } = new X509Certificate(certificate)
  const key = publicKey.export({ type: 'spki', format: 'der' })
  return `sha256:${createHash('sha256').update(key).digest('hex')}`
}
