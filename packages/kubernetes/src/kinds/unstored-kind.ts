import type { Resource } from '../resource.ts'

/** What a kind leaves out that is never stored: it is neither checked nor listed as objects are. */
export const unstored = {
  shortNames: [],
  categories: [],
  subresources: [],
  selectableFields: {},
  conversions: {},
  nameProblem: () => '',
  setDefaults: () => {},
  validate: () => [],
  validateUpdate: () => [],
  columns: [],
  row: () => [],
} satisfies Partial<Resource>
