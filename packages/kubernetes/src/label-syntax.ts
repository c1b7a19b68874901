import { regexProblem, subdomainProblem } from './name-syntax.ts'

const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const labelValue = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'
const anchored = (pattern: string) => new RegExp(`^(?:${pattern})$`)
const isQualifiedName = anchored(qualifiedName)
const isLabelValue = anchored(labelValue)

const partRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

/**
 * What is wrong with `[prefix/]name` as the key of a label, annotation or taint: the first finding; empty if nothing.
 */
export const labelKeyProblem = (key: string): string => labelKeyProblems(key)[0] ?? ''

/** All of it, as upstream tells it of each key. */
export function labelKeyProblems(key: string): readonly string[] {
  const parts = key.split('/')
  const name = parts.at(-1) ?? ''
  const prefix = parts.length > 1 ? parts[0] : undefined
  if (parts.length > 2) {
    const problem = `a qualified name ${regexProblem(partRule, qualifiedName, 'MyName', 'my.name', '123-abc')}`
    return [`${problem} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const problems: string[] = []
  if (prefix === '') problems.push('prefix part must be non-empty')
  else {
    const prefixProblem = prefix === undefined ? '' : subdomainProblem(prefix)
    if (prefixProblem !== '') problems.push(`prefix part ${prefixProblem}`)
  }
  if (name === '') problems.push('name part must be non-empty')
  else if (name.length > 63) problems.push('name part must be no more than 63 characters')
  if (!isQualifiedName.test(name)) {
    const shape = regexProblem(partRule, qualifiedName, 'MyName', 'my.name', '123-abc')
    problems.push(`name part ${shape}`)
  }
  return problems
}

/** What is wrong with a label's value; empty if nothing. */
export function labelValueProblem(value: string): string {
  if (value.length > 63) return 'must be no more than 63 characters'
  if (isLabelValue.test(value)) return ''
  return regexProblem(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    labelValue,
    'MyValue',
    'my_value',
    '12345',
  )
}
