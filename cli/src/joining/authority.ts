import { X509Certificate } from 'node:crypto'
import { connect, type DetailedPeerCertificate } from 'node:tls'
import { hasCode } from '@reckon/process/error-code'
import { authorityHash } from './join-line.ts'

export type Address = { host: string; port: number }

const timeoutMs = 10_000

/**
 * The certificate (PEM) of the cluster's CA as the API at the address presents it, if it matches the hash. Nothing is
 * sent to whoever answers there.
 */
export async function fetchAuthority({ host, port }: Address, hash: string): Promise<string> {
  const shown = await shownChain({ host, port })
  const authority = shown.find((certificate) => authorityHash(certificate) === hash)
  if (authority !== undefined) return new X509Certificate(authority).toString()
  const found = shown.map((certificate) => authorityHash(certificate)).at(-1) ?? 'none'
  throw new Error(
    `the server at ${host}:${port} is not of that cluster: its authority is ${found}, not ${hash}`,
  )
}

/** The certificate chain of the server, its own certificate first. */
const shownChain = ({ host, port }: Address): Promise<Buffer[]> =>
  new Promise((resolve, reject) => {
    const fail = (message: string) =>
      reject(new Error(`the API at ${host}:${port} does not answer: ${message}`))
    const socket = connect({ host, port, rejectUnauthorized: false }, () => {
      resolve(chainOf(socket.getPeerCertificate(true)))
      socket.destroy()
    })
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('nobody says anything')))
    socket.once('error', (error) =>
      fail(isOfTls(error) ? 'who is there speaks no TLS' : error.message),
    )
  })

/** TLS errors are translated, because the library's messages help nobody. */
const isOfTls = (error: Error): boolean => hasCode(error, 'ERR_SSL_WRONG_VERSION_NUMBER')

function chainOf(certificate: DetailedPeerCertificate): Buffer[] {
  const chain: Buffer[] = []
  let next: DetailedPeerCertificate | undefined = certificate
  // A self-signed certificate is its own issuer.
  while (next?.raw && !chain.some((raw) => next?.raw.equals(raw))) {
    chain.push(next.raw)
    next = next.issuerCertificate
  }
  return chain
}
