import assert from 'node:assert/strict'

const subjectMax = 1024
const token = String.raw`[^\s.*>\p{Cc}]+`
const subject = new RegExp(`^${token}(\\.${token})*$`, 'u')
const pattern = new RegExp(`^(${token}|\\*)(\\.(${token}|\\*))*(\\.>)?$|^>$`, 'u')

/**
 * Whether a message can be published to this: tokens separated by dots, none empty, none with a space, line end or
 * wildcard.
 */
const isSubject = (text: string): boolean => text.length <= subjectMax && subject.test(text)

/**
 * Whether this can be subscribed to: a subject in which `*` may stand for one token, and `>` at the end for the rest.
 */
const isPattern = (text: string): boolean => text.length <= subjectMax && pattern.test(text)

/** Checked by every bus before it publishes, because an invalid subject would mean something else on the wire. */
export function assertSubject(text: string): void {
  assert.ok(isSubject(text), `no subject: ${JSON.stringify(text)}`)
}

/** Checked by every bus before it subscribes. */
export function assertPattern(text: string): void {
  assert.ok(isPattern(text), `no pattern of subjects: ${JSON.stringify(text)}`)
}

/** Whether a pattern matches a subject, or a wider pattern covers a narrower one. */
export const subjectMatches = (pattern: string, subject: string): boolean =>
  tokensMatch(pattern.split('.'), subject.split('.'))

/** As `subjectMatches`, for callers that have split the texts already. */
export function tokensMatch(wanted: readonly string[], tokens: readonly string[]): boolean {
  for (let index = 0; index < wanted.length; index++) {
    const token = wanted[index]
    if (token === '>') return tokens.length > index
    if (index >= tokens.length || tokens[index] === '>') return false
    if (token !== '*' && token !== tokens[index]) return false
  }
  return wanted.length === tokens.length
}

/** A DNS name as one token: `.` becomes `_`, which no such name has. */
export const tokenOf = (name: string): string => name.replaceAll('.', '_')

/** The DNS name of such a token. */
export const nameIn = (token: string): string => token.replaceAll('_', '.')

/** The prefix of a user's reply subjects. With credentials, a user may subscribe only to this inbox. */
export const inboxOf = (user: string): string => `_INBOX.${tokenOf(user)}`

/** Whether a subject is in the inbox of this user, or of any user. */
export const isInbox = (subject: string | undefined, user?: string): boolean =>
  subject !== undefined &&
  isSubject(subject) &&
  subjectMatches(user === undefined ? '_INBOX.>' : `${inboxOf(user)}.>`, subject)
