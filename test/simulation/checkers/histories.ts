import { checkHistory } from '../../histories/check-history.ts'
import { loggedEvents } from '../../histories/logged-event.ts'
import type { Recorder } from '../../histories/recorder.ts'
import { described } from '../../histories/violation.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** All that clients asked and heard, judged by the log: linearizable for each object, own writes read, watches complete. */
export const histories = ({ history }: World, { operations }: Recorder): Checker => ({
  onEnd() {
    const [first] = checkHistory(operations, loggedEvents(history.opened)).violations
    if (first !== undefined) throw new Violation(first.rule, described(first))
  },
})
