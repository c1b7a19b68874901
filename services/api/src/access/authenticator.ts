import { StatusError } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'

/** Who asks, as authenticated; `extra` is what else the credential tells, `impersonator` who asks in this name. */
export type User = {
  name: string
  groups: readonly string[]
  uid?: string
  extra?: Readonly<Record<string, readonly string[]>>
  impersonator?: string
}

/** Whoever shows nothing. */
export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** A user that has proved who it is; all of them share a group, as upstream. */
export const authenticated = (name: string, groups: readonly string[]): User => ({
  name,
  groups: [...groups, 'system:authenticated'],
})

/** Something was shown that proves nothing. */
export const unauthorized = new StatusError('Unauthorized', 'Unauthorized')

/**
 * Who asks, by one kind of credential; undefined where the request shows none of that kind. What is shown and not valid
 * is refused with `Unauthorized`.
 */
export type Authenticator = (
  request: FastifyRequest,
) => User | undefined | Promise<User | undefined>

/**
 * Who the first authenticator that knows the request's credential says; without any, nobody. What is known at once is
 * said at once.
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
