import { subdomainProblem } from '../name-syntax.ts'
import type { Resource } from '../resource.ts'

/** What most kinds have alike, mostly nothing: a kind begins with it and says what is its own. */
export const plainKind = {
  shortNames: [],
  categories: [],
  subresources: [],
  selectableFields: {},
  conversions: {},
  nameProblem: subdomainProblem,
  setDefaults: () => {},
  validate: () => [],
  validateUpdate: () => [],
} satisfies Partial<Resource>
