import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A new key of a node, and its certificate request (PKCS #10); both PEM. */
export type NodeRequest = { key: string; request: string }

const algorithm = { name: 'Ed25519' }

/**
 * Creates a key for the node: it authenticates the node to the API by a certificate, and on the wire by the key itself.
 */
export async function drawNodeRequest(node: string): Promise<NodeRequest> {
  x509.cryptoProvider.set(webcrypto as Crypto)
  const drawn = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const keys = drawn as webcrypto.CryptoKeyPair
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `O=system:nodes, CN=system:node:${node}`,
    keys,
    signingAlgorithm: algorithm,
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    key: `${x509.PemConverter.encode(key, 'PRIVATE KEY')}\n`,
    request: request.toString('pem'),
  }
}
