import { type FieldError, forbiddenField, notSupported } from '../field-error.ts'
import { isJsonObject } from '../json/json-object.ts'

/** A rule for a field that has no effect. */
type FieldRule = {
  /** Why; empty where it is simply not supported. */
  why: string
  /** Values that mean what is done anyway. */
  allowed?: readonly unknown[]
}

/**
 * Rules for fields without effect, by path: `[]` stands for each element of a list, `{a,b}` for alternatives. A path
 * may name a whole subtree.
 */
export type FieldRules = Readonly<Record<string, FieldRule>>

/** Rules compiled to a tree: for a field itself, for fields below it, and for its items. */
type Branch = { own: OrderedRule[]; below: Branches; ofItems: Branches }
type Branches = Map<string, Branch>
type OrderedRule = { rule: FieldRule; order: number }

/** An occurrence of a field with a rule. */
type Found = { field: string; value: unknown; rule: FieldRule; order: number }

/** Expands the alternatives of a path. */
function expanded(pattern: string): readonly string[] {
  const [, before = '', choices = '', after = ''] = /^(.*?)\{([^}]*)\}(.*)$/.exec(pattern) ?? []
  if (choices === '') return [pattern]
  return choices.split(',').flatMap((choice) => expanded(before + choice + after))
}

/** Compiles rules to a tree, so that one walk through a value finds all occurrences. */
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

/** All occurrences in a value, in the order of the rules; `at` is its path. */
function fieldsFound(rules: Branches, value: unknown, at: string): readonly Found[] {
  const found: Found[] = []
  findFields(rules, value, { at, found })
  return found.sort((a, b) => a.order - b.order)
}

function findFields(
  branches: Branches,
  value: unknown,
  { at, found }: { at: string; found: Found[] },
): void {
  if (branches.size === 0 || !isJsonObject(value)) return
  for (const name of Object.keys(value)) {
    const branch = branches.get(name)
    if (branch === undefined) continue
    const child = value[name]
    const field = at === '' ? name : `${at}.${name}`
    for (const { rule, order } of branch.own) {
      if (asks(child, rule)) found.push({ field, value: child, rule, order })
    }
    findFields(branch.below, child, { at: field, found })
    if (branch.ofItems.size === 0 || !Array.isArray(child)) continue
    for (const [index, item] of child.entries()) {
      findFields(branch.ofItems, item, { at: `${field}[${index}]`, found })
    }
  }
}

/** Whether a value has a meaning that is not supported; absent values and empty lists have none. */
function asks(value: unknown, { allowed = [] }: FieldRule): boolean {
  if (value === undefined || value === null || allowed.includes(value)) return false
  return !(Array.isArray(value) && value.length === 0)
}

/** The refusals for unsupported fields and values, in Kubernetes' form. */
export const refusalsOf = (rules: Branches, value: unknown, at: string): FieldError[] =>
  fieldsFound(rules, value, at).map(({ field, value: given, rule: { why, allowed } }) => {
    const texts = (allowed ?? []).map(String).filter((text) => text !== '')
    if (texts.length > 0) return notSupported(field, given, texts)
    return forbiddenField(field, why || notSupportedYet)
  })

/** The message for a field that may be supported one day. */
const notSupportedYet = 'is not supported by this server yet'

/** Warnings about fields that are stored without effect. */
export const warningsOf = (rules: Branches, value: unknown, at: string): readonly string[] =>
  fieldsFound(rules, value, at).map(({ field, rule: { why } }) => `${field}: ${why}`)
