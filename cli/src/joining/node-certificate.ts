import { randomBytes } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { CertificateSigningRequest } from '@reckon/kubernetes'
import { writeLastingFile } from '@reckon/process'
import { drawNodeRequest, type Layout } from '@reckon/supervisor'
import { type Answer, type ApiClient, expectJson } from '../asking/api-client.ts'

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const askEveryMs = 200
/** How long to wait for a certificate: a request that is not approved automatically may be approved by a person. */
const waitMsMax = 5 * 60_000
const lastsSeconds = 90 * 24 * 3600

/**
 * Requests a certificate for the node with a new key and stores both in one file, as a kubelet does, so that they match
 * whatever happens to the machine meanwhile. Throws where it is denied, or the signal aborts first.
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
  const waiting = { endMs: performance.now() + waitMsMax, signal }
  const posted = await answeredBy(() => api.ask('POST', path, asked), waiting)
  // An existing request of this name is ours: the first answer was lost.
  if (posted.code !== 409) expectJson(posted)
  const certificate = await issued(api, name, waiting)
  await writeLastingFile(layout.nodeCredentials, `${key}${certificate}`)
}

type Waiting = { endMs: number; signal: AbortSignal }

async function issued(api: ApiClient, name: string, waiting: Waiting): Promise<string> {
  while (performance.now() < waiting.endMs) {
    const answer = await answeredBy(() => api.ask('GET', `${path}/${name}`), waiting)
    const { status } = expectJson<CertificateSigningRequest>(answer)
    if (status?.certificate) return Buffer.from(status.certificate, 'base64').toString()
    const refusal = status?.conditions?.find(({ type }) => type === 'Denied' || type === 'Failed')
    if (refusal) throw new Error(`the cluster does not let this machine in: ${refusal.message}`)
    await after(askEveryMs, undefined, { signal: waiting.signal })
  }
  throw new Error(`nobody approves the certificate: "kubectl certificate approve ${name}"`)
}

/**
 * Waits for an answer of the API. It may be restarting; giving up then would leave a certificate behind by which the
 * name belongs to another machine.
 */
async function answeredBy(ask: () => Promise<Answer>, { endMs, signal }: Waiting): Promise<Answer> {
  for (;;) {
    const isLast = performance.now() > endMs
    try {
      const answer = await ask()
      if (isLast || answer.code < 500) return answer
    } catch (error) {
      if (isLast) throw error
    }
    await after(askEveryMs, undefined, { signal })
  }
}
