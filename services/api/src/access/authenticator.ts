import { StatusError } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'

/** An authenticated user; `extra` is what else the credential says, `impersonator` the user who acts in this name. */
export type User = {
  name: string
  groups: readonly string[]
  uid?: string
  extra?: Readonly<Record<string, readonly string[]>>
  impersonator?: string
}

/** A client without credentials. */
export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** An authenticated user; as upstream, all of them are in the group `system:authenticated`. */
export const authenticated = (name: string, groups: readonly string[]): User => ({
  name,
  groups: [...groups, 'system:authenticated'],
})

/** The refusal of an invalid credential. */
export const unauthorized = new StatusError('Unauthorized', 'Unauthorized')

/**
 * Authenticates by one kind of credential; undefined where the request has none of that kind. An invalid credential is
 * refused with `Unauthorized`.
 */
export type Authenticator = (
  request: FastifyRequest,
) => User | undefined | Promise<User | undefined>

/**
 * The user by the first authenticator that knows the request's credential; anonymous without any. Synchronous where the
 * authenticator is.
 */
export const firstUser =
  (authenticators: readonly Authenticator[]): Authenticator =>
  (request) =>
    firstOf(authenticators.values(), request)

function firstOf(
  left: IterableIterator<Authenticator>,
  request: FastifyRequest,
): ReturnType<Authenticator> {
  for (const authenticator of left) {
    const user = authenticator(request)
    if (user instanceof Promise) return user.then((found) => found ?? firstOf(left, request))
    if (user !== undefined) return user
  }
  return undefined
}
