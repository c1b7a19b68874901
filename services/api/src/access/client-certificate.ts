import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'
import { authenticated, type User, unauthorized } from './authenticator.ts'
import type { RefusedCredentials } from './refused-credentials.ts'

/** Who shows which certificate can't change while a connection lasts: no handshake is made again on it. */
const users = new WeakMap<object, User | 'none'>()

/**
 * Of a client certificate that the client CA signed, the common name is the user and each organization a group, as in
 * Kubernetes' X.509 authentication. Found once for each connection: to decode a certificate takes longer than the rest of
 * HTTP.
 */
export function clientCertificate({ raw: { socket } }: FastifyRequest): User | undefined {
  const known = users.get(socket) ?? userOfConnection(socket) ?? 'none'
  users.set(socket, known)
  return known === 'none' ? undefined : known
}

/** Refuses who shows a certificate that the client CA did not sign, or that holds no longer. */
export const refuseForeignCertificate =
  (refused: RefusedCredentials) =>
  ({ raw: { socket } }: FastifyRequest): undefined => {
    if (!(socket instanceof TLSSocket) || socket.authorized) return
    if (Object.keys(socket.getPeerCertificate()).length === 0) return
    refused.tell('a client certificate was shown that is not of this cluster, or has expired')
    throw unauthorized
  }

/** The certificate that the connection shows: DER in base64. */
export const shownCertificate = ({ raw: { socket } }: FastifyRequest): string | undefined =>
  socket instanceof TLSSocket ? socket.getPeerCertificate().raw?.toString('base64') : undefined

function userOfConnection(socket: Socket): User | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const { subject } = socket.getPeerCertificate()
  const name = listOf(subject?.CN)[0]
  return name === undefined ? undefined : authenticated(name, listOf(subject?.O))
}

/** A subject's field is text, or a list where the certificate has it several times. */
const listOf = (field: string | string[] | undefined): string[] =>
  field === undefined ? [] : [field].flat()
