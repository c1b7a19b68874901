import { isDeepEqual } from '../json/deep-equal.ts'
import type { Schema } from '../schemas/schema.ts'
import { type FieldSet, noFields, setOf } from './field-set.ts'
import { byStep, isNothing, type Part, partsOf, type Structure, structureOf } from './structure.ts'

/** In which fields two values differ. */
export type Comparison = { added: FieldSet; removed: FieldSet; modified: FieldSet }

/** How a field has changed. */
type Change = keyof Comparison

type Difference = { of: Change | undefined; below: Comparison }

const none: Comparison = { added: noFields, removed: noFields, modified: noFields }

/** The fields in which `after` differs from `before` (structured-merge-diff, `Compare`). */
export const compareFields = (schema: Schema, before: unknown, after: unknown): Comparison =>
  differenceOf(schema, before, after).below

function differenceOf(schema: Schema, before: unknown, after: unknown): Difference {
  if (before === after) return { of: undefined, below: none }
  const structure = commonStructure(schema, before, after)
  const isLeaf = structure === 'leaf' || (isNothing(before) && isNothing(after))
  if (isLeaf) return { of: changeOf(before, after), below: none }
  const was = byStep(partsOf(schema, before, after))
  const is = byStep(partsOf(schema, after, before))
  const steps = [...new Set([...was.keys(), ...is.keys()])]
  const parts = steps.map((step) => [step, partDifference(was.get(step), is.get(step))] as const)
  const setFor = (change: Change) =>
    setOf(parts.map(([step, { of, below }]) => [step, of === change, below[change]]))
  const of = before === undefined ? 'added' : after === undefined ? 'removed' : undefined
  const below = { added: setFor('added'), removed: setFor('removed'), modified: setFor('modified') }
  return { of, below }
}

/** Parts with the same step are compared with each other; several with one step are compared together. */
function partDifference(was: readonly Part[] = [], is: readonly Part[] = []): Difference {
  const [before, after] = [was[0], is[0]]
  const schema = (after ?? before)?.schema ?? {}
  if (was.length <= 1 && is.length <= 1) return differenceOf(schema, before?.value, after?.value)
  const valuesOf = (parts: readonly Part[]) =>
    parts.length === 0 ? undefined : parts.map(({ value }) => value)
  return { of: changeOf(valuesOf(was), valuesOf(is)), below: none }
}

/** The common structure of both values; values of different structure are compared as a whole. */
function commonStructure(schema: Schema, before: unknown, after: unknown): Structure {
  const [was, is] = [structureOf(schema, before), structureOf(schema, after)]
  if (before === undefined || before === null) return is
  return after === undefined || after === null || was === is ? was : 'leaf'
}

function changeOf(before: unknown, after: unknown): Change | undefined {
  if (before === undefined) return 'added'
  if (after === undefined) return 'removed'
  return isDeepEqual(before, after) ? undefined : 'modified'
}
