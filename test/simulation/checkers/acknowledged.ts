import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** What a client was told is done is in the log. */
export const acknowledged = ({ history }: World): Checker => ({
  onAcknowledged({ what, stored }) {
    const event = history.at(stored.position)
    if (event !== undefined && event.id === stored.last.id) return
    throw new Violation('what was acknowledged is recorded', `${what} at ${stored.position}`)
  },
})
