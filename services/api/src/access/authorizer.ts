import type { Access, Objects } from '@reckon/domain'
import type { User } from './authenticator.ts'

/** Who asks, and for what. */
export type Attributes = { user: User } & Access

/** As upstream's: the first authorizer that has an opinion decides. */
type Decision = 'allowed' | 'denied' | 'no opinion'

/**
 * Says whether a user may do something, by what the view tells: roles and bindings, or which pods run on a node. Pure.
 */
export type Authorizer = (attributes: Attributes, view: Objects) => Decision

/** What a list of authorizers decides: what the first one with an opinion says. Nobody's opinion is none. */
export const firstOpinion =
  (authorizers: readonly Authorizer[]): Authorizer =>
  (attributes, view) => {
    for (const authorizer of authorizers) {
      const decision = authorizer(attributes, view)
      if (decision !== 'no opinion') return decision
    }
    return 'no opinion'
  }
