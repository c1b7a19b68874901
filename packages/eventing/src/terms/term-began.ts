import type { Fold } from '../log/fold.ts'
import { countAt, fieldsOf, textAt } from '../parse.ts'

/** The data of `TermBegan`, the one event that decides which instance of a service is active. */
export type TermBegan = { term: number; holder: string }

/** Parses it; throws SyntaxError where it is invalid. */
export function termBeganIn(value: unknown): TermBegan {
  const fields = fieldsOf(value)
  return { term: countAt(fields, 'term'), holder: textAt(fields, 'holder') }
}

export const termStream = (service: string): string => `terms-${service}`

export const termFold: Fold<TermBegan> = {
  initial: { term: 0, holder: '' },
  evolve: (state, event) => (event.type === 'TermBegan' ? termBeganIn(event.data) : state),
  isFullState: (event) => event.type === 'TermBegan',
}
