import type { FastifyRequest } from 'fastify'
import type { AccountTokens } from './account-tokens.ts'
import { type Authenticator, authenticated, type User, unauthorized } from './authenticator.ts'

/** The token that the request shows (`Authorization: Bearer …`). */
export const shownToken = ({ headers }: FastifyRequest): string | undefined =>
  /^bearer +(?<token>\S+)$/i.exec(headers.authorization ?? '')?.groups?.token

/** The user of the request's bearer token; an unknown or expired one is refused. */
export const bearerToken =
  (tokens: AccountTokens): Authenticator =>
  async (request) => {
    const token = shownToken(request)
    return token === undefined ? undefined : userOfToken(tokens, token)
  }

/** The user of a token; refused where it is not valid. */
export async function userOfToken(tokens: AccountTokens, token: string): Promise<User> {
  const judged = await tokens.judge(token)
  if ('problem' in judged) throw unauthorized
  const { name, groups, uid, extra } = judged.user
  return { ...authenticated(name, groups), uid, extra }
}
