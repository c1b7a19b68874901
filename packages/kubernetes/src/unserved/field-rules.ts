import { type FieldError, forbiddenField, notSupported } from '../field-error.ts'
import { isJsonObject, type JsonObject } from '../json-object.ts'

/** What is to be said of a field that is not acted on. */
type FieldRule = {
  /** Empty where nothing is to be said beyond that it is not supported. */
  why: string
  /** Values that ask for nothing beyond what is done anyway. */
  allowed?: readonly unknown[]
  /** Whether that holds because of what stands beside the field. */
  unless?(siblings: JsonObject): boolean
}

/**
 * Fields that are not acted on, by their paths: `[]` stands for each element of a list, `{a,b}` for either. What a path names
 * may be a whole part of an object.
 */
export type FieldRules = Readonly<Record<string, FieldRule>>

type Step = { field: string; isList: boolean }
type CompiledRule = { steps: readonly Step[]; rule: FieldRule }

/** A field that one of the rules is about, as it stands in an object. */
type Found = { field: string; value: unknown; rule: FieldRule }

/** Every path that a pattern with alternatives stands for. */
function expanded(pattern: string): readonly string[] {
  const [, before = '', choices = '', after = ''] = /^(.*?)\{([^}]*)\}(.*)$/.exec(pattern) ?? []
  if (choices === '') return [pattern]
  return choices.split(',').flatMap((choice) => expanded(before + choice + after))
}

/** Rules in the form in which they are looked for. */
export const compiled = (rules: FieldRules): readonly CompiledRule[] =>
  Object.entries(rules).flatMap(([pattern, rule]) =>
    expanded(pattern).map((path) => ({ steps: stepsOf(path), rule })),
  )

const stepsOf = (path: string): readonly Step[] =>
  path.split('.').map((part) => ({
    field: part.replace('[]', ''),
    isList: part.endsWith('[]'),
  }))

/** Every field of a value that a rule speaks of, whatever else the value is; `at` is where it stands. */
function fieldsFound(rules: readonly CompiledRule[], value: unknown, at: string): readonly Found[] {
  return rules.flatMap(({ steps, rule }) => [...found(value, { steps, rule, from: 0, path: at })])
}

type Way = { steps: readonly Step[]; rule: FieldRule; from: number; path: string }

function* found(value: unknown, way: Way): Generator<Found> {
  const { steps, rule, from, path } = way
  const step = steps[from]
  if (step === undefined || !isJsonObject(value) || !Object.hasOwn(value, step.field)) return
  const child = value[step.field]
  const field = path === '' ? step.field : `${path}.${step.field}`
  const isLast = from === steps.length - 1
  const children = step.isList && Array.isArray(child) ? [...child.entries()] : undefined
  if (step.isList && !isLast) {
    for (const [index, item] of children ?? []) {
      yield* found(item, { steps, rule, from: from + 1, path: `${field}[${index}]` })
    }
  } else if (!isLast) yield* found(child, { steps, rule, from: from + 1, path: field })
  else if (asks(child, rule) && !rule.unless?.(value)) yield { field, value: child, rule }
}

/** Whether a value asks for what is not done: one that is left out, or an empty list, does not. */
function asks(value: unknown, { allowed = [] }: FieldRule): boolean {
  if (value === undefined || value === null || allowed.includes(value)) return false
  return !(Array.isArray(value) && value.length === 0)
}

/** What is refused, in Kubernetes' form: a value that is not supported, or a field. */
export const refusalsOf = (
  rules: readonly CompiledRule[],
  value: unknown,
  at: string,
): FieldError[] =>
  fieldsFound(rules, value, at).map(({ field, value: given, rule: { why, allowed } }) => {
    const texts = (allowed ?? []).map(String).filter((text) => text !== '')
    if (texts.length > 0) return notSupported(field, given, texts)
    return forbiddenField(field, why || notSupportedYet)
  })

/** What a field is refused with that may be supported one day. */
const notSupportedYet = 'is not supported by this server yet'

/** Warnings about what is kept and not acted on. */
export const warningsOf = (
  rules: readonly CompiledRule[],
  value: unknown,
  at: string,
): readonly string[] =>
  fieldsFound(rules, value, at).map(({ field, rule: { why } }) => `${field}: ${why}`)
