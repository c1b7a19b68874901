import { inboxOf, subjectMatches } from './subject.ts'

/**
 * The subjects, as patterns, that a user may publish to and subscribe to. Everybody may also subscribe to their own
 * inbox.
 */
export type Permissions = { publish: readonly string[]; subscribe: readonly string[] }

/** The user of a connection, and what that user may do. */
export type Credentials = { user: string; permissions: Permissions }

export const mayPublish = ({ permissions }: Credentials, subject: string): boolean =>
  permissions.publish.some((pattern) => subjectMatches(pattern, subject))

/** Whether a user may subscribe to a pattern: everything it matches must be allowed. */
export const maySubscribe = ({ user, permissions }: Credentials, pattern: string): boolean =>
  [...permissions.subscribe, `${inboxOf(user)}.>`].some((allowed) =>
    subjectMatches(allowed, pattern),
  )
