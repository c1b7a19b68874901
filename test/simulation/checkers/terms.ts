import type { Decision } from '@reckon/domain'
import type { TermBegan } from '@reckon/eventing'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'terms and decisions have numbers of their own'

/** Terms increase; a decision's number is used once within its term; nobody decides in a term that has not begun. */
export function terms(): Checker {
  const last = new Map<string, number>()
  const used = new Set<string>()
  return {
    onRecorded({ event: { type, stream, data } }) {
      if (type === 'TermBegan') {
        const { term } = data as TermBegan
        const before = last.get(stream) ?? 0
        if (term <= before) throw new Violation(rule, `${stream}: ${term} after ${before}`)
        last.set(stream, term)
        return
      }
      const decided =
        type === 'PlacementRefused'
          ? (data as Decision)
          : (data as { decision?: Decision } | undefined)?.decision
      if (decided === undefined) return
      const number = `${decided.term}/${decided.number}`
      if (used.has(number)) throw new Violation(rule, `decision ${number} in ${stream} again`)
      if (decided.term > (last.get('terms-scheduler') ?? 0)) {
        throw new Violation(rule, `decision ${number} in ${stream} before its term`)
      }
      used.add(number)
    },
  }
}
