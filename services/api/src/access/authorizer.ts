import type { Access, Objects } from '@reckon/domain'
import type { User } from './authenticator.ts'

/** A user, and what they ask to do. */
export type Attributes = { user: User } & Access

/** As upstream: the first authorizer that has an opinion decides. */
type Decision = 'allowed' | 'denied' | 'no opinion'

/** Decides whether a user may do something, by the view: roles and bindings, or which pods run on a node. Pure. */
export type Authorizer = (attributes: Attributes, view: Objects) => Decision

/** Combines authorizers: the first one with an opinion decides; if none has one, there is none. */
export const firstOpinion =
  (authorizers: readonly Authorizer[]): Authorizer =>
  (attributes, view) => {
    for (const authorizer of authorizers) {
      const decision = authorizer(attributes, view)
      if (decision !== 'no opinion') return decision
    }
    return 'no opinion'
  }
