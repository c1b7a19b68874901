import { badRequest, type TokenReview } from '@reckon/kubernetes'
import type { Review } from './review.ts'

/** TokenReview: whose token this is, for one of the audiences; by default for the api itself. */
export const tokenReview: Review<TokenReview> = async ({ spec }, { tokens }) => {
  const { token = '', audiences = [] } = spec
  if (token === '') throw badRequest('token is required for TokenReview in authentication')
  const judged = await tokens.judge(token, audiences.length > 0 ? audiences : undefined)
  if ('problem' in judged) return { user: {}, error: judged.problem }
  const { name, uid, groups, extra } = judged.user
  const user = { username: name, uid, groups: [...groups, 'system:authenticated'], extra }
  return { authenticated: true, user, audiences: judged.audiences }
}
