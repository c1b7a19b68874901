import type { Objects } from '@reckon/domain'
import type { KubernetesObject } from '@reckon/kubernetes'
import type { AccountTokens } from '../account-tokens.ts'
import type { User } from '../authenticator.ts'
import type { Authorizer } from '../authorizer.ts'

/** Who asks, and what the answer is decided by. */
export type ReviewContext = {
  user: User
  authorizer: Authorizer
  tokens: AccountTokens
  view: Objects
}

/**
 * Answers a review with its status; refuses a malformed one with 422. Typed as a method, so that a review of one kind
 * is assignable to a review of any kind.
 */
export type Review<T extends KubernetesObject = KubernetesObject> = {
  answer(question: T, asked: ReviewContext): object | Promise<object>
}['answer']
