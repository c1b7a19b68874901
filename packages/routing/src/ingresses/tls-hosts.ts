import type { Ingress, IngressClass } from '@reckon/kubernetes'
import { servedIngresses } from './served-ingresses.ts'

/** A certificate chain and its key, in PEM. */
export type KeyPair = { certificates: string; key: string }

/** The key pair of each host; `*` is for every other name, and for clients that send none. */
export type TlsHosts = ReadonlyMap<string, KeyPair>

/**
 * The TLS hosts of Ingresses with the pairs of their Secrets, where these are known and valid. For a host of two
 * Ingresses the older one's is used.
 */
export function tlsHosts(
  ingresses: readonly Ingress[],
  classes: readonly IngressClass[],
  pairOf: (namespace: string, secretName: string) => KeyPair | undefined,
): TlsHosts {
  const found = new Map<string, KeyPair>()
  for (const { metadata, spec } of servedIngresses(ingresses, classes)) {
    for (const { hosts = [], secretName } of spec.tls ?? []) {
      const pair = secretName ? pairOf(metadata.namespace ?? '', secretName) : undefined
      if (pair === undefined) continue
      for (const host of hosts.length > 0 ? hosts : ['*']) {
        const name = host.toLowerCase()
        if (!found.has(name)) found.set(name, pair)
      }
    }
  }
  return found
}
