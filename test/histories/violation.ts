import type { LoggedEvent } from './logged-event.ts'
import { type Answered, keyOf, type Operation, type ReceivedLine, type Seen } from './operation.ts'

/** What the clients were promised, and what in a history breaks it. */
export type Violation = {
  rule: string
  what: string
  operations: readonly Operation[]
  events: readonly LoggedEvent[]
}

const shownMax = 6

/** The violation in words, with the operations and events that show it. */
export const described = ({ rule, what, operations, events }: Violation): string =>
  [
    `${rule}: ${what}`,
    ...operations.map((operation) => `  asked    ${describedOperation(operation)}`),
    ...events.map((event) => `  recorded ${describedEvent(event)}`),
  ].join('\n')

function describedOperation({ id, client, asked, invokedAt, answer }: Operation): string {
  const about = 'ref' in asked ? keyOf(asked.ref) : inWords(asked.scope)
  const { verb, ref: _, scope: __, ...how } = asked as typeof asked & { ref?: 0; scope?: 0 }
  const answered = answer ? `[${answer.at}] ${describedAnswer(answer)}` : 'never answered'
  return `#${id} by ${client} [${invokedAt}] ${verb} ${about} ${inWords(how)} → ${answered}`
}

function describedAnswer(answer: Answered): string {
  if (answer.type === 'Watched') {
    const received = answer.received.slice(-shownMax).map(describedReceived)
    return [`told ${answer.received.length}, last`, ...received].join(' ')
  }
  if (answer.type === 'Listed') {
    const items = answer.items.slice(0, shownMax).map(describedSeen)
    return `${answer.items.length} at ${answer.version}: ${items.join(' ')}`
  }
  if (answer.type === 'Done') return describedSeen(answer.seen)
  const { at: _, auditId: __, ...content } = answer
  return inWords(content)
}

const describedReceived = (received: ReceivedLine): string =>
  received.type === 'BOOKMARK'
    ? `[${received.at}] BOOKMARK ${received.version}`
    : `[${received.at}] ${received.type} ${describedSeen(received.seen)}`

const describedSeen = ({ ref, version, token }: Seen): string =>
  `${keyOf(ref)}@${version}${token === undefined ? '' : ` "${token}"`}`

const describedEvent = ({ position, type, ref, state, request }: LoggedEvent): string =>
  [
    `@${position} ${type}`,
    ...(ref ? [keyOf(ref)] : []),
    ...(state ? [`uid ${state.uid} "${state.token}"`] : []),
    ...(request === undefined ? [] : [`of #${request}`]),
  ].join(' ')

const inWords = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))
