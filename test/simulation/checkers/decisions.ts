import { formatReplay, Replay } from '@reckon/scheduling'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'what was decided comes out the same again'

/**
 * Every decision of the scheduler is computed again from the log, except those that killed schedulers leave
 * unverifiable.
 */
export const decisions = (): Checker => {
  const replay = new Replay()
  const judge = () => {
    const report = replay.end()
    if (report.divergences > 0) throw new Violation(rule, formatReplay(report))
  }
  return { onRecorded: ({ event }) => replay.add(event), onRestore: judge, onEnd: judge }
}
