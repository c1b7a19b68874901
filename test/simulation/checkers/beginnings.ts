import type { TermBegan } from '@reckon/eventing'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

/**
 * A process that begins a term acts on nothing older than its beginning: it must first have seen what the previous term
 * did.
 */
export function beginnings(): Checker {
  const began = new Map<string, bigint>()
  return {
    onRecorded({ event: { type, data, position } }) {
      if (type === 'TermBegan') began.set((data as TermBegan).holder, position)
    },
    onAppend({ program, shown }, stream) {
      const position = began.get(program.name)
      if (position === undefined || stream.startsWith('terms-')) return
      const seen = shown?.objects?.position ?? 0n
      if (seen >= position) return
      const what = `${program.name} writes to ${stream} with a view at ${seen}, before ${position}`
      throw new Violation('a term begins with what was before it', what)
    },
  }
}
