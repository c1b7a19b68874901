import type { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'

/** Who asks, as authenticated. */
export type User = { name: string; groups: readonly string[] }

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any route sees the request. */
    user: User
  }
}

/** Whoever shows nothing. */
export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** Who shows which certificate can't change while a connection lasts: no handshake is made again on it. */
const users = new WeakMap<object, User>()

/**
 * The user of a request: of a client certificate that the client CA signed, the common name is the user and each
 * organization a group, as in Kubernetes' X.509 authentication. Everybody else is anonymous. Found once for each
 * connection: to decode a certificate takes longer than the rest of HTTP.
 */
export function userOfCertificate(request: FastifyRequest): User {
  const { socket } = request.raw
  const known = users.get(socket)
  if (known !== undefined) return known
  const user = userOfConnection(socket as Partial<TLSSocket>)
  users.set(socket, user)
  return user
}

function userOfConnection(socket: Partial<TLSSocket>): User {
  if (!socket.authorized || socket.getPeerCertificate === undefined) return anonymous
  const { subject } = socket.getPeerCertificate()
  const name = listOf(subject?.CN)[0]
  if (name === undefined) return anonymous
  return { name, groups: [...listOf(subject?.O), 'system:authenticated'] }
}

/** A subject's field is text, or a list where the certificate has it several times. */
const listOf = (field: string | string[] | undefined): string[] =>
  field === undefined ? [] : [field].flat()
