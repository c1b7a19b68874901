import { randomBytes } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { CertificateSigningRequest } from '@reckon/kubernetes'
import { writeLastingFile } from '@reckon/process'
import { drawNodeRequest, type Layout } from '@reckon/supervisor'
import { type ApiClient, expectJson } from '../asking/api-client.ts'

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const askEveryMs = 200
/** So long a certificate is waited for: one that nobody approves by itself a person may. */
const patienceMs = 5 * 60_000
const lastsSeconds = 90 * 24 * 3600

/**
 * Asks for a certificate for the node by a new key, and keeps both in one file, as a kubelet does: whatever stops the
 * machine meanwhile, they fit. Throws where it is denied, or the signal aborts first.
 */
export async function obtainCertificate(
  api: ApiClient,
  { layout, node, signal }: { layout: Layout; node: string; signal: AbortSignal },
): Promise<void> {
  const { key, request } = await drawNodeRequest(node)
  const name = `node-csr-${node}-${randomBytes(4).toString('hex')}`
  const asked = {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name },
    spec: {
      request: Buffer.from(request).toString('base64'),
      signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
      usages: ['client auth', 'digital signature'],
      expirationSeconds: lastsSeconds,
    },
  }
  expectJson(await api.ask('POST', path, asked))
  const certificate = await issued(api, name, signal)
  await writeLastingFile(layout.nodeCredentials, `${key}${certificate}`)
}

async function issued(api: ApiClient, name: string, signal: AbortSignal): Promise<string> {
  const endMs = performance.now() + patienceMs
  while (performance.now() < endMs) {
    const answer = await api.ask('GET', `${path}/${name}`)
    const { status } = expectJson<CertificateSigningRequest>(answer)
    if (status?.certificate) return Buffer.from(status.certificate, 'base64').toString()
    const refusal = status?.conditions?.find(({ type }) => type === 'Denied' || type === 'Failed')
    if (refusal) throw new Error(`the cluster does not let this machine in: ${refusal.message}`)
    await after(askEveryMs, undefined, { signal })
  }
  throw new Error(`nobody approves the certificate: "kubectl certificate approve ${name}"`)
}
