import { subdomainProblem } from '../name-syntax.ts'
import type { Resource } from '../resource.ts'

/** The common part of most kinds, mostly empty: a kind spreads it and adds its own. */
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
