/** Upstream's `RegexError`: the problem, examples, and the expression. */
export function regexProblem(problem: string, pattern: string, ...examples: string[]): string {
  const list = examples.map((example) => `'${example}', `).join(' or ')
  return `${problem} (e.g. ${list}regex used for validation is '${pattern}')`
}

/** Says what is wrong with a name; empty if nothing is. */
export type Syntax = (name: string) => string

type Rule = {
  pattern: string
  /** The expression to show, where upstream shows another one. */
  shown?: string
  bytesMax: number
  problem: string
  examples: readonly string[]
}

function syntax({ pattern, shown = pattern, bytesMax, problem, examples }: Rule): Syntax {
  const expression = new RegExp(`^(?:${pattern})$`)
  return (name) => {
    if (name.length > bytesMax) return `must be no more than ${bytesMax} characters`
    return expression.test(name) ? '' : regexProblem(problem, shown, ...examples)
  }
}

const labelShape = syntax({
  pattern: '[a-z0-9]([-a-z0-9]*[a-z0-9])?',
  bytesMax: 63,
  problem:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ['my-name', '123-abc'],
})

/** RFC 1035 label: Services. */
export const dns1035Problem = syntax({
  pattern: '[a-z]([-a-z0-9]*[a-z0-9])?',
  bytesMax: 63,
  problem:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: ['my-name', 'abc-123'],
})

const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'

/** RFC 1123 subdomain: the names of most objects, and hosts. */
export const subdomainProblem = syntax({
  pattern: subdomain,
  bytesMax: 253,
  problem:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ['example.com'],
})

/** A DNS search domain: a subdomain that may contain `_` (upstream's `IsDNS1123SubdomainWithUnderscore`). */
export const searchProblem = syntax({
  pattern: '[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?(\\.[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?)*',
  shown: subdomain,
  bytesMax: 253,
  problem:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  examples: ['example.com'],
})

/** RFC 1123 label: containers, volumes, namespaces. */
export const labelProblem: Syntax = (name) => {
  const problem = labelShape(name)
  const isSubdomain = name.length <= 63 && subdomainProblem(name) === ''
  return problem !== '' && isSubdomain ? 'must not contain dots' : problem
}

/** A host whose first label is `*`. */
export const wildcardSubdomainProblem = syntax({
  pattern: '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*',
  bytesMax: 253,
  problem:
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  examples: ['*.example.com'],
})

/** A name usable in a URL path: the only requirement for names of roles. */
export const pathSegmentProblem: Syntax = (name) => {
  if (name === '.' || name === '..') return `may not be '${name}'`
  const wrong = ['/', '%'].find((character) => name.includes(character))
  return wrong === undefined ? '' : `may not contain '${wrong}'`
}

/** A key of a ConfigMap: a file name without a path. */
export const configMapKeyProblem: Syntax = (key) => {
  if (key === '.') return "must not be '.'"
  if (key === '..') return "must not be '..'"
  if (key.startsWith('..')) return "must not start with '..'"
  return configMapKeyShape(key)
}

const configMapKeyShape = syntax({
  pattern: '[-._a-zA-Z0-9]+',
  bytesMax: 253,
  problem: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  examples: ['key.name', 'KEY_NAME', 'key-name'],
})

/** The name of an environment variable: printable ASCII without an equal sign. */
export const environmentNameProblem: Syntax = (name) =>
  /^[ -<>-~]+$/.test(name)
    ? ''
    : "a valid environment variable name must consist only of printable ASCII characters other than '='"

/** What is wrong with a port's name (RFC 6335); the first finding. */
export const portNameProblem: Syntax = (name) => {
  if (name.length > 15) return 'must be no more than 15 characters'
  if (!/^[-a-z0-9]*$/.test(name)) {
    return 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'
  }
  if (!/[a-z]/.test(name)) return 'must contain at least one letter (a-z)'
  if (name.includes('--')) return 'must not contain consecutive hyphens'
  return name.startsWith('-') || name.endsWith('-') ? 'must not begin or end with a hyphen' : ''
}

/** What is wrong with a port's number. */
export const portNumberProblem = (port: unknown): string =>
  typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65535
    ? ''
    : 'must be between 1 and 65535, inclusive'

/** Whether the text is an IPv4 or IPv6 address in its usual form. */
export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text)
}

/** Whether the text is an IPv4 address, four numbers without leading zeros. */
export function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return (
    parts.length === 4 &&
    parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  )
}

/** Whether the text is an IPv6 address. */
export function isIpv6(text: string): boolean {
  if (!text.includes(':') || (text.match(/::/g) ?? []).length > 1 || text.includes(':::'))
    return false
  const last = text.split(':').at(-1) ?? ''
  const groups = (last.includes('.') ? text.replace(last, isIpv4(last) ? '0:0' : 'x') : text).split(
    ':',
  )
  const given = groups.filter((group) => group !== '')
  if (!given.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
  return text.includes('::') ? given.length < 8 : given.length === 8 && groups.length === 8
}
