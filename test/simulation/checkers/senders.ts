import { positionHeader } from '@reckon/eventing'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'each says what is its own to say'
const ofApi = /^(events\.|head\.|shared\.|nodes\.[^.]+\.events$)/

/** Only api speaks on the wires; a node speaks on its own subjects, whoever asked it for an answer. */
export const senders = (): Checker => ({
  onMessage({ name }, { subject, headers, data }) {
    const isEvent = subject.startsWith('events.') || /^nodes\..*\.events$/.test(subject)
    const position = isEvent ? headers[positionHeader] : positionIn(data)
    if ((!isEvent && !subject.startsWith('head.')) || isPosition(position)) return
    throw new Violation(rule, `${name} hears nonsense on ${subject}`)
  },
  onCarried({ from, subject }) {
    const [service = '', machine = ''] = from.split('#')[0]?.split('@') ?? []
    const isTrusted = ['api', 'scheduler', 'replicator'].includes(service)
    const isFalse = isTrusted
      ? ofApi.test(subject) && service !== 'api'
      : !new RegExp(
          `^(nodes\\.${machine}\\.(read|secret|reports|heartbeat)|applied\\.${machine})$`,
        ).test(subject)
    if (isFalse) throw new Violation(rule, `${from} says on ${subject}`)
  },
})

const isPosition = (text: unknown): boolean =>
  typeof text === 'string' && (text === '-' || /^\d+$/.test(text))

function positionIn(data: Uint8Array): unknown {
  try {
    return (JSON.parse(new TextDecoder().decode(data)) as { position?: unknown }).position
  } catch {
    return undefined
  }
}
