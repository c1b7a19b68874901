import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as after } from 'node:timers/promises'
import { messageOf } from '@reckon/kubernetes'
import type { Layout, ProcessReporter } from '@reckon/supervisor'
import { openApi } from '../asking/api-client.ts'
import { obtainCertificate } from './node-certificate.ts'

const lookEveryMs = 60 * 60_000
const againAfterMs = 60_000

/**
 * When to renew a certificate: after a third of its validity, early enough for a machine that is switched off for a
 * while.
 */
function renewAtMs({ validFrom, validTo }: Pick<X509Certificate, 'validFrom' | 'validTo'>) {
  const [fromMs, toMs] = [Date.parse(validFrom), Date.parse(validTo)]
  return fromMs + (toMs - fromMs) / 3
}

/**
 * Renews the node's certificate and key in time, until the signal aborts; tries again where the API does not answer.
 */
export async function keepCertificate(
  layout: Layout,
  node: string,
  { report, signal }: { report: ProcessReporter; signal: AbortSignal },
): Promise<void> {
  let waitMs = 0
  while (!signal.aborted) {
    await after(waitMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    waitMs = lookEveryMs
    const certificate = new X509Certificate(await readFile(layout.nodeCredentials))
    if (renewAtMs(certificate) > Date.now()) continue
    try {
      await obtainCertificate(await openApi(layout.kubeconfig), { layout, node, signal })
      report('reckon', "the node's certificate is renewed")
    } catch (error) {
      if (signal.aborted) return
      report('reckon', `the node's certificate could not be renewed: ${messageOf(error)}`)
      waitMs = againAfterMs
    }
  }
}
