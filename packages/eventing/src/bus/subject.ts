import assert from 'node:assert/strict'

const subjectMax = 1024
const token = String.raw`[^\s.*>\p{Cc}]+`
const subject = new RegExp(`^${token}(\\.${token})*$`, 'u')
const pattern = new RegExp(`^(${token}|\\*)(\\.(${token}|\\*))*(\\.>)?$|^>$`, 'u')

/** Whether a message can be addressed to this: tokens by dots, none empty, none with space, line end or wildcard. */
const isSubject = (text: string): boolean => text.length <= subjectMax && subject.test(text)

/** Whether this can be listened to: as a subject, where `*` may stand for one token and `>` at the end for the rest. */
const isPattern = (text: string): boolean => text.length <= subjectMax && pattern.test(text)

/**
 * What every bus asks before it publishes: a subject that is none would say something else on the wire than was meant.
 */
export function assertSubject(text: string): void {
  assert.ok(isSubject(text), `no subject: ${JSON.stringify(text)}`)
}

/** What every bus asks before it listens. */
export function assertPattern(text: string): void {
  assert.ok(isPattern(text), `no pattern of subjects: ${JSON.stringify(text)}`)
}

/** Whether a subject falls under a pattern; or each subject of a pattern under a wider one. */
export const subjectMatches = (pattern: string, subject: string): boolean =>
  tokensMatch(pattern.split('.'), subject.split('.'))

/** The same of their tokens: for who compares one with many. */
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

/** The name that is such a token. */
export const nameIn = (token: string): string => token.replaceAll('_', '.')

/** What answers to a user are addressed to begins with this; who has credentials hears its own inbox only. */
export const inboxOf = (user: string): string => `_INBOX.${tokenOf(user)}`

/** Whether a subject lies in the inbox of a user, or of anybody. */
export const isInbox = (subject: string | undefined, user?: string): boolean =>
  subject !== undefined &&
  isSubject(subject) &&
  subjectMatches(user === undefined ? '_INBOX.>' : `${inboxOf(user)}.>`, subject)
