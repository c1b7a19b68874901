import { labelKeyProblem, labelValueProblem } from '../label-syntax.ts'
import { badRequest } from '../refusals.ts'
import type { Requirement } from './label-selectors.ts'

type Token = { text: string; isWord: boolean }

const operators = { in: 'In', notin: 'NotIn', '=': 'In', '==': 'In', '!=': 'NotIn' } as const

/** Reads a label selector: `a=b,c!=d,e in (x,y),f notin (z),g,!h,n>3`. Refuses others with 400. */
export function parseLabelSelector(text: string): readonly Requirement[] {
  const tokens = tokensOf(text)
  const requirements: Requirement[] = []
  let next = 0
  const fail = (expected: string): never => {
    const found = tokens[next]?.text ?? ''
    throw badRequest(`unable to parse requirement: found '${found}', expected: ${expected}`)
  }
  const take = <const Text extends string>(...wanted: readonly Text[]): Text | undefined => {
    const token = tokens[next]
    const taken = token?.isWord ? undefined : wanted.find((text) => text === token?.text)
    if (taken !== undefined) next += 1
    return taken
  }
  const word = () => (tokens[next]?.isWord ? tokens[next++]?.text : undefined)
  const set = (): string[] => {
    if (take('(') === undefined) fail("'('")
    const values: string[] = []
    do values.push(word() ?? '')
    while (take(','))
    if (take(')') === undefined) fail("',' or ')'")
    return values
  }
  const requirement = (): Requirement => {
    const negated = take('!') !== undefined
    const key = word() ?? fail("!, identifier, or 'end of string'")
    if (negated) return { key, operator: 'DoesNotExist', values: [] }
    const keyword = tokens[next]
    if (keyword?.isWord && (keyword.text === 'in' || keyword.text === 'notin')) {
      next += 1
      return { key, operator: operators[keyword.text], values: set() }
    }
    const operator = take('=', '==', '!=', '>', '<')
    if (operator === undefined) {
      const ends = keyword === undefined || (!keyword.isWord && keyword.text === ',')
      return ends ? { key, operator: 'Exists', values: [] } : fail('in, notin, =, ==, !=, gt, lt')
    }
    const value = word() ?? ''
    if (operator === '>' || operator === '<') {
      if (!/^-?\d+$/.test(value)) fail('an integer')
      return { key, operator: operator === '>' ? 'Gt' : 'Lt', values: [value] }
    }
    return { key, operator: operators[operator], values: [value] }
  }
  while (next < tokens.length) {
    requirements.push(checked(requirement()))
    if (next < tokens.length && take(',') === undefined) fail("',' or 'end of string'")
  }
  return requirements
}

function tokensOf(text: string): Token[] {
  const matches = text.matchAll(/\s*(==|!=|[=!<>(),]|[^\s=!<>(),]+)/g)
  return [...matches].map(([, token = '']) => ({ text: token, isWord: !/^[=!<>(),]/.test(token) }))
}

function checked(requirement: Requirement): Requirement {
  const keyProblem = labelKeyProblem(requirement.key)
  if (keyProblem) {
    throw badRequest(
      `unable to parse requirement: <nil>: Invalid value: "${requirement.key}": ${keyProblem}`,
    )
  }
  requirement.values.forEach((value, index) => {
    const problem = labelValueProblem(value)
    if (problem) {
      throw badRequest(
        `unable to parse requirement: values[${index}][${requirement.key}]: Invalid value: "${value}": ${problem}`,
      )
    }
  })
  return requirement
}
