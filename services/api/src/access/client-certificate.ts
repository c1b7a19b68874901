import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'
import { authenticated, type User, unauthorized } from './authenticator.ts'
import type { RefusedCredentials } from './refused-credentials.ts'

/** Who owns a certificate, and until when it is valid. */
type Certified = { user: User; endMs: number }

/** Cached by connection: without renegotiation a connection's certificate never changes. */
const certified = new WeakMap<object, Certified | 'none'>()

/**
 * The user of a client certificate that the client CA signed: the common name is the user name and each organization a
 * group, as in Kubernetes' X.509 authentication. Decoded once per connection, because that takes longer than the rest
 * of a request.
 */
export function clientCertificate({ raw: { socket } }: FastifyRequest): User | undefined {
  const known = certified.get(socket) ?? certifiedBy(socket) ?? 'none'
  certified.set(socket, known)
  return known === 'none' ? undefined : known.user
}

/** Until when the client certificate of a request is valid. */
export function certificateEndMs({ raw: { socket } }: FastifyRequest): number | undefined {
  const known = certified.get(socket)
  return known === undefined || known === 'none' ? undefined : known.endMs
}

/** Refuses a certificate that the client CA did not sign, or that has expired. */
export const refuseForeignCertificate =
  (refused: RefusedCredentials) =>
  ({ raw: { socket } }: FastifyRequest): undefined => {
    if (!(socket instanceof TLSSocket) || socket.authorized) return
    if (Object.keys(socket.getPeerCertificate()).length === 0) return
    refused.tell('a client certificate was shown that is not of this cluster, or has expired')
    throw unauthorized
  }

/** The connection's client certificate: DER in base64. */
export const shownCertificate = ({ raw: { socket } }: FastifyRequest): string | undefined =>
  socket instanceof TLSSocket ? socket.getPeerCertificate().raw?.toString('base64') : undefined

function certifiedBy(socket: Socket): Certified | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const { subject, valid_to: end } = socket.getPeerCertificate()
  const name = listOf(subject?.CN)[0]
  if (name === undefined) return undefined
  return { user: authenticated(name, listOf(subject?.O)), endMs: Date.parse(end) }
}

/** A field of a subject is a string, or an array where the certificate has it several times. */
const listOf = (field: string | string[] | undefined): string[] =>
  field === undefined ? [] : [field].flat()
