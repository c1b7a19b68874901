import { decodeFrames, trustedEvents } from '@reckon/eventing'
import { sharedEvents } from '@reckon/node-plane'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'each says what is its own to say'
const ofApi = /^(events\.|head\.|shared\.|nodes\.[^.]+\.(events|streams)$)/

/** Only the api publishes on the wires; a node publishes only on its own subjects, whoever requested an answer. */
export const senders = (): Checker => ({
  onMessage({ name }, { subject, data }) {
    const isSense = subject.startsWith('head.') ? isHead(data) : !isWire(subject) || isFrames(data)
    if (!isSense) throw new Violation(rule, `${name} hears nonsense on ${subject}`)
  },
  onCarried({ from, subject }) {
    const [service = '', machine = ''] = from.split('#')[0]?.split('@') ?? []
    const isTrusted = ['api', 'scheduler', 'replicator'].includes(service)
    const isFalse = isTrusted
      ? ofApi.test(subject) && service !== 'api'
      : !new RegExp(
          `^(nodes\\.${machine}\\.(read|secret|token|reports|heartbeat|usage|streams\\.[^.]+)|applied\\.${machine})$`,
        ).test(subject)
    if (isFalse) throw new Violation(rule, `${from} says on ${subject}`)
  },
})

const isWire = (subject: string): boolean =>
  subject === trustedEvents || subject === sharedEvents || /^nodes\..*\.events$/.test(subject)

function isFrames(data: Uint8Array): boolean {
  try {
    return decodeFrames(data).length > 0
  } catch {
    return false
  }
}

function isHead(data: Uint8Array): boolean {
  try {
    const { position } = JSON.parse(new TextDecoder().decode(data)) as { position?: unknown }
    return typeof position === 'string' && (position === '-' || /^\d+$/.test(position))
  } catch {
    return false
  }
}
