import type { KeyPair, TlsHosts } from '../ingresses/tls-hosts.ts'
import { type EnvoyObject, type EnvoyObjects, typeUrl } from './envoy-object.ts'

/** The certificate for each TLS host, by host. */
export const certificates = (hosts: TlsHosts): EnvoyObjects =>
  new Map([...hosts].map(([host, pair]) => [host, certificate(host, pair)]))

/** Cached by pair, so that equal results are identical objects. */
function certificate(host: string, pair: KeyPair): EnvoyObject {
  const ofPair = made.get(pair) ?? new Map<string, EnvoyObject>()
  made.set(pair, ofPair)
  const known = ofPair.get(host) ?? {
    '@type': typeUrl('envoy.extensions.transport_sockets.tls.v3.Secret'),
    name: host,
    tls_certificate: {
      certificate_chain: { inline_string: pair.certificates },
      private_key: { inline_string: pair.key },
    },
  }
  ofPair.set(host, known)
  return known
}

const made = new WeakMap<KeyPair, Map<string, EnvoyObject>>()
