import type { FastifyRequest } from 'fastify'
import type { AccountTokens } from './account-tokens.ts'
import { type Authenticator, authenticated, type User, unauthorized } from './authenticator.ts'

/** The token that the request shows (`Authorization: Bearer …`). */
export const shownToken = ({ headers }: FastifyRequest): string | undefined =>
  /^bearer +(?<token>\S+)$/i.exec(headers.authorization ?? '')?.groups?.token

/** Whose token the request shows; one that is nobody's, or holds no longer, is refused. */
export const bearerToken =
  (tokens: AccountTokens): Authenticator =>
  async (request) => {
    const token = shownToken(request)
    return token === undefined ? undefined : userOfToken(tokens, token)
  }

/** Whose token this is; refused where it is nobody's. */
export async function userOfToken(tokens: AccountTokens, token: string): Promise<User> {
  const judged = await tokens.judge(token)
  if ('problem' in judged) throw unauthorized
  const { name, groups, uid, extra } = judged.user
  return { ...authenticated(name, groups), uid, extra }
}
