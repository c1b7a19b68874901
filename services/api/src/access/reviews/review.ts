import type { Objects } from '@reckon/domain'
import type { KubernetesObject } from '@reckon/kubernetes'
import type { AccountTokens } from '../account-tokens.ts'
import type { User } from '../authenticator.ts'
import type { Authorizer } from '../authorizer.ts'

/** Who asks, and who decides by what. */
export type ReviewContext = {
  user: User
  authorizer: Authorizer
  tokens: AccountTokens
  view: Objects
}

/**
 * Answers a question with its status; refuses with 422 what is none. A method, so that one of some kind is one of any.
 */
export type Review<T extends KubernetesObject = KubernetesObject> = {
  answer(question: T, asked: ReviewContext): object | Promise<object>
}['answer']
