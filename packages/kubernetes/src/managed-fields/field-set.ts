/**
 * A set of fields in the form of `FieldsV1`: each key is one step of a path (`path-step.ts`), an empty value is a
 * field that is in the set, and `.` says that a field is in it beside some of those below. Sets are never changed.
 */
export type FieldSet = { readonly [step: string]: FieldSet }

export const noFields: FieldSet = {}

const self = '.'

/** The node of a field that is in the set, with these below it. */
const memberWith = (below: FieldSet): FieldSet =>
  isEmpty(below) ? below : { [self]: {}, ...below }

/** Whether nothing is in the set. */
export const isEmpty = (set: FieldSet): boolean => Object.keys(set).length === 0

const isMember = (node: FieldSet | undefined): boolean =>
  node !== undefined && (isEmpty(node) || node[self] !== undefined)

/** The steps from a node, in the order in which upstream prints them. */
const stepsOf = (node: FieldSet): string[] =>
  Object.keys(node)
    .filter((step) => step !== self)
    .sort()

/** What is in the set below one step. */
export const fieldsBelow = (set: FieldSet, step: string): FieldSet => belowOf(set[step])

/** Whether the field one step down is itself in the set. */
export const hasStep = (set: FieldSet, step: string): boolean => isMember(set[step])

/** A set of what is one step down: whether it is in it itself, and what is below. */
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

/** The first set with other nodes where the second has any; what is untouched is shared. */
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

/** The fields of the first that are not in the other, each by itself: what is below a field stays. */
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

/** The set of one path and nothing else. */
export const pathSet = (path: readonly string[]): FieldSet =>
  path.reduceRight<FieldSet>((below, step) => ({ [step]: below }), {})

/** Every field of the set as its path, in the order in which upstream names them. */
export function pathsOf(set: FieldSet): string[][] {
  const steps = stepsOf(set)
  return [
    ...steps.filter((step) => hasStep(set, step)).map((step) => [step]),
    ...steps.flatMap((step) => pathsOf(fieldsBelow(set, step)).map((path) => [step, ...path])),
  ]
}
