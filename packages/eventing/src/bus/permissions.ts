import { inboxOf, subjectMatches } from './subject.ts'

/** Which subjects a user of the wire may publish and hear, as patterns, besides hearing its own inbox. */
export type Permissions = { publish: readonly string[]; subscribe: readonly string[] }

/** Who a connection is, and what it may therefore do. */
export type Credentials = { user: string; permissions: Permissions }

export const mayPublish = ({ permissions }: Credentials, subject: string): boolean =>
  permissions.publish.some((pattern) => subjectMatches(pattern, subject))

/** A pattern may be heard where all that falls under it may be. */
export const maySubscribe = ({ user, permissions }: Credentials, pattern: string): boolean =>
  [...permissions.subscribe, `${inboxOf(user)}.>`].some((allowed) =>
    subjectMatches(allowed, pattern),
  )
