import type { Fold } from './execute.ts'

/** The data of `TermBegan`, the one event that decides which instance of a service is active. */
export type TermBegan = { term: number; holder: string }

export const termStream = (service: string): string => `terms-${service}`

export const termFold: Fold<TermBegan> = {
  initial: { term: 0, holder: '' },
  evolve: (state, event) => (event.type === 'TermBegan' ? (event.data as TermBegan) : state),
  isWhole: (event) => event.type === 'TermBegan',
}
