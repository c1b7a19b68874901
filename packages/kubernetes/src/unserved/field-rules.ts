import { type FieldError, forbiddenField, notSupported } from '../field-error.ts'
import { isJsonObject } from '../json/json-object.ts'

/** What is to be said of a field that is not acted on. */
type FieldRule = {
  /** Empty where nothing is to be said beyond that it is not supported. */
  why: string
  /** Values that ask for nothing beyond what is done anyway. */
  allowed?: readonly unknown[]
}

/**
 * Fields that are not acted on, by their paths: `[]` stands for each element of a list, `{a,b}` for either. What a path
 * names may be a whole part of an object.
 */
export type FieldRules = Readonly<Record<string, FieldRule>>

/**
 * Rules in the form in which they are looked for: what is said of one field, of fields below it, and of those of its
 * items.
 */
type Branch = { own: OrderedRule[]; below: Branches; ofItems: Branches }
type Branches = Map<string, Branch>
type OrderedRule = { rule: FieldRule; order: number }

/** A field that one of the rules is about, as it stands in an object. */
type Found = { field: string; value: unknown; rule: FieldRule; order: number }

/** Every path that a pattern with alternatives stands for. */
function expanded(pattern: string): readonly string[] {
  const [, before = '', choices = '', after = ''] = /^(.*?)\{([^}]*)\}(.*)$/.exec(pattern) ?? []
  if (choices === '') return [pattern]
  return choices.split(',').flatMap((choice) => expanded(before + choice + after))
}

/** Rules in the form in which they are looked for: one walk through a value finds what any of them speaks of. */
export function compiled(rules: FieldRules): Branches {
  const root: Branches = new Map()
  const paths = Object.entries(rules).flatMap(([pattern, rule]) =>
    expanded(pattern).map((path) => ({ path, rule })),
  )
  for (const [order, { path, rule }] of paths.entries()) {
    let branches = root
    let branch: Branch | undefined
    for (const part of path.split('.')) {
      branch = branchOf(branches, part.replace('[]', ''))
      branches = part.endsWith('[]') ? branch.ofItems : branch.below
    }
    branch?.own.push({ rule, order })
  }
  return root
}

function branchOf(branches: Branches, field: string): Branch {
  const branch = branches.get(field) ?? { own: [], below: new Map(), ofItems: new Map() }
  branches.set(field, branch)
  return branch
}

/**
 * Every field of a value that a rule speaks of, whatever else the value is, in the order of the rules; `at` is where it
 * stands.
 */
const fieldsFound = (rules: Branches, value: unknown, at: string): readonly Found[] =>
  [...found(rules, value, at)].sort((a, b) => a.order - b.order)

function* found(branches: Branches, value: unknown, at: string): Generator<Found> {
  if (branches.size === 0 || !isJsonObject(value)) return
  for (const name of Object.keys(value)) {
    const branch = branches.get(name)
    if (branch === undefined) continue
    const child = value[name]
    const field = at === '' ? name : `${at}.${name}`
    for (const { rule, order } of branch.own) {
      if (asks(child, rule)) yield { field, value: child, rule, order }
    }
    yield* found(branch.below, child, field)
    if (branch.ofItems.size === 0 || !Array.isArray(child)) continue
    for (const [index, item] of child.entries()) {
      yield* found(branch.ofItems, item, `${field}[${index}]`)
    }
  }
}

/** Whether a value asks for what is not done: one that is left out, or an empty list, does not. */
function asks(value: unknown, { allowed = [] }: FieldRule): boolean {
  if (value === undefined || value === null || allowed.includes(value)) return false
  return !(Array.isArray(value) && value.length === 0)
}

/** What is refused, in Kubernetes' form: a value that is not supported, or a field. */
export const refusalsOf = (rules: Branches, value: unknown, at: string): FieldError[] =>
  fieldsFound(rules, value, at).map(({ field, value: given, rule: { why, allowed } }) => {
    const texts = (allowed ?? []).map(String).filter((text) => text !== '')
    if (texts.length > 0) return notSupported(field, given, texts)
    return forbiddenField(field, why || notSupportedYet)
  })

/** What a field is refused with that may be supported one day. */
const notSupportedYet = 'is not supported by this server yet'

/** Warnings about what is kept and not acted on. */
export const warningsOf = (rules: Branches, value: unknown, at: string): readonly string[] =>
  fieldsFound(rules, value, at).map(({ field, rule: { why } }) => `${field}: ${why}`)
