import { formatReplay, Replay } from '@reckon/scheduling'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'what was decided comes out the same again'

/**
 * Every decision of the scheduler, computed again from the log; those that killed ones leave unverifiable are passed
 * over.
 */
export const decisions = (): Checker => {
  const replay = new Replay()
  const judge = () => {
    const report = replay.end()
    if (report.divergences > 0) throw new Violation(rule, formatReplay(report))
  }
  return { onRecorded: ({ event }) => replay.add(event), onRestore: judge, onEnd: judge }
}
