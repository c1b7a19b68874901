/**
 * A set of fields in the form of `FieldsV1`: a key is one step of a path (`path-step.ts`), an empty value means that
 * the field is a member, and `.` means that it is a member in addition to some fields below it. Sets are immutable.
 */
export type FieldSet = { readonly [step: string]: FieldSet }

export const noFields: FieldSet = {}

const self = '.'

/** A node whose field is a member, with these nodes below it. */
const memberWith = (below: FieldSet): FieldSet =>
  isEmpty(below) ? below : { [self]: {}, ...below }

export const isEmpty = (set: FieldSet): boolean => Object.keys(set).length === 0

const isMember = (node: FieldSet | undefined): boolean =>
  node !== undefined && (isEmpty(node) || node[self] !== undefined)

/** A node's steps in the order in which upstream prints them. */
const stepsOf = (node: FieldSet): string[] =>
  Object.keys(node)
    .filter((step) => step !== self)
    .sort()

/** The members below one step. */
export const fieldsBelow = (set: FieldSet, step: string): FieldSet => belowOf(set[step])

/** Whether the field at this step is itself a member. */
export const hasStep = (set: FieldSet, step: string): boolean => isMember(set[step])

/** Builds a set from its steps: whether the field is a member itself, and the members below it. */
export function setOf(
  nodes: Iterable<readonly [step: string, isMember: boolean, below: FieldSet]>,
): FieldSet {
  const set: Record<string, FieldSet> = {}
  for (const [step, isIn, below] of nodes) {
    if (isIn) set[step] = memberWith(below)
    else if (!isEmpty(below)) set[step] = below
  }
  return set
}

/** Replaces nodes of the first set where the second has any; untouched nodes are shared. */
function withNodes(one: FieldSet, other: FieldSet, nodeAt: NodeAt): FieldSet {
  if (isEmpty(other)) return one
  const result: Record<string, FieldSet> = { ...one }
  for (const step of Object.keys(other)) {
    if (step === self) continue
    const node = nodeAt(step)
    if (node === undefined) delete result[step]
    else result[step] = node
  }
  return result
}

type NodeAt = (step: string) => FieldSet | undefined

const nodeOf = (isIn: boolean, below: FieldSet): FieldSet | undefined =>
  isIn ? memberWith(below) : isEmpty(below) ? undefined : below

const belowOf = (node: FieldSet | undefined): FieldSet => {
  if (node?.[self] === undefined) return node ?? noFields
  const { [self]: _, ...below } = node
  return below
}

export const union = (one: FieldSet, other: FieldSet): FieldSet =>
  withNodes(one, other, (step) => {
    const [a, b] = [one[step], other[step]]
    if (a === undefined) return b
    return nodeOf(isMember(a) || isMember(b), union(belowOf(a), belowOf(b)))
  })

/** The members of the first set that are not in the second. Members below a removed field stay. */
export const difference = (one: FieldSet, other: FieldSet): FieldSet =>
  withNodes(one, other, (step) => {
    const [a, b] = [one[step], other[step]]
    if (a === undefined) return undefined
    return nodeOf(isMember(a) && !isMember(b), difference(belowOf(a), belowOf(b)))
  })

export const intersection = (one: FieldSet, other: FieldSet): FieldSet =>
  setOf(
    stepsOf(other).map((step) => {
      const [a, b] = [one[step], other[step]]
      return [step, isMember(a) && isMember(b), intersection(belowOf(a), belowOf(b))] as const
    }),
  )

/** The set with just this path. */
export const pathSet = (path: readonly string[]): FieldSet =>
  path.reduceRight<FieldSet>((below, step) => ({ [step]: below }), {})

/** The paths of all members, in upstream's order. */
export function pathsOf(set: FieldSet): string[][] {
  const steps = stepsOf(set)
  return [
    ...steps.filter((step) => hasStep(set, step)).map((step) => [step]),
    ...steps.flatMap((step) => pathsOf(fieldsBelow(set, step)).map((path) => [step, ...path])),
  ]
}
