/** An object as YAML, as kubectl prints it: for reading. Two spaces, block style, keys in the order of their names. */
export function yamlOf(value: unknown, depth = 0): string {
  const lines = linesOf(value, '  '.repeat(depth))
  return `${lines.join('\n')}\n`
}

function linesOf(value: unknown, indent: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => itemLines(item, indent))
  return entriesOf(value).flatMap(([key, each]) => {
    const name = `${indent}${scalarOf(key, indent)}:`
    if (isEmpty(each)) return [`${name} ${Array.isArray(each) ? '[]' : '{}'}`]
    if (Array.isArray(each)) return [name, ...linesOf(each, indent)]
    if (isBlock(each)) return [name, ...linesOf(each, `${indent}  `)]
    return [`${name} ${scalarOf(each, `${indent}  `)}`]
  })
}

/** The first line of an item stands behind its dash. */
function itemLines(item: unknown, indent: string): string[] {
  if (isEmpty(item)) return [`${indent}- ${Array.isArray(item) ? '[]' : '{}'}`]
  if (!isBlock(item)) return [`${indent}- ${scalarOf(item, `${indent}  `)}`]
  const [first = '', ...others] = linesOf(item, `${indent}  `)
  return [`${indent}- ${first.trimStart()}`, ...others]
}

const isBlock = (value: unknown): boolean => typeof value === 'object' && value !== null

const isEmpty = (value: unknown): boolean =>
  isBlock(value) && Object.keys(Object(value)).length === 0

const entriesOf = (value: unknown): [string, unknown][] =>
  isBlock(value) ? Object.entries(Object(value)).toSorted(([a], [b]) => (a < b ? -1 : 1)) : []

/** Texts that YAML would take for something else, or that would not be whole. */
const quoted =
  /^$|^[\s\-?:,[\]{}#&*!|>'"%@`]|:\s|\s#|:$|\s$|^(true|false|null|yes|no|on|off|~|[-+.\d].*)$/i

function scalarOf(value: unknown, indent: string): string {
  if (typeof value !== 'string') return String(value ?? 'null')
  if (value.includes('\n') && !/^\s/.test(value)) return blockOf(value, indent)
  return quoted.test(value) || value.includes('\n') ? JSON.stringify(value) : value
}

/** A text of several lines, as it is. */
function blockOf(text: string, indent: string): string {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  const lines = body.split('\n').map((line) => (line === '' ? '' : `${indent}${line}`))
  return [text.endsWith('\n') ? '|' : '|-', ...lines].join('\n')
}
