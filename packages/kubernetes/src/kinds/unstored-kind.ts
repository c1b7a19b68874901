import type { Resource } from '../resource.ts'
import { plainKind } from './plain-kind.ts'

/** The common part of kinds that are never stored: they have no validation and no columns. */
export const unstored = {
  ...plainKind,
  nameProblem: () => '',
  columns: [],
  row: () => [],
} satisfies Partial<Resource>
