import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'each says what is its own to say'
const ofApi = /^(events\.|head\.|shared\.|nodes\.[^.]+\.events$)/

/** Only api speaks on the wires; a node speaks on its own subjects, whoever asked it for an answer. */
export const senders = (): Checker => ({
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
