import type { Resource } from '../resource.ts'
import { plainKind } from './plain-kind.ts'

/** What a kind leaves out that is never stored: it is neither checked nor listed as objects are. */
export const unstored = {
  ...plainKind,
  nameProblem: () => '',
  columns: [],
  row: () => [],
} satisfies Partial<Resource>
