import type { AccountTokens } from './account-tokens.ts'
import { type Authenticator, authenticated, unauthorized } from './authenticator.ts'

/** Whose token the request shows (`Authorization: Bearer …`); one that is nobody's, or holds no longer, is refused. */
export const bearerToken =
  (tokens: AccountTokens): Authenticator =>
  async ({ headers }) => {
    const { token } = /^bearer +(?<token>\S+)$/i.exec(headers.authorization ?? '')?.groups ?? {}
    if (token === undefined) return undefined
    const judged = await tokens.judge(token)
    if ('problem' in judged) throw unauthorized
    const { name, groups, uid, extra } = judged.user
    return { ...authenticated(name, groups), uid, extra }
  }
