import { badRequest, inUnicode, messageOf } from '@reckon/kubernetes'
import { parseDocument, YAMLParseError } from 'yaml'

/**
 * Parses YAML to what `parseJson` would return for the same JSON: integers beyond double precision are bigints. Of
 * several documents the first counts, as upstream. Refused with 400 if it is malformed.
 */
export function parseYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { intAsBigInt: true })
    const error = document.errors.find(({ code }) => code !== 'MULTIPLE_DOCS')
    if (error !== undefined) throw error
    return inUnicode(text, document.toJS({ reviver: exactly }))
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: yaml: ${problemOf(error)}`)
  }
}

const exactly = (_: unknown, value: unknown) =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value

/** The parser's message in one line, without the parts that only programs could use. */
function problemOf(error: unknown): string {
  const [message = ''] = messageOf(error).split(/ at line |\n/)
  if (error instanceof RangeError || message.includes('call stack')) return 'exceeded max depth'
  if (message.includes('alias count')) return 'document contains excessive aliasing'
  const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined
  return line === undefined ? message : `line ${line}: ${message}`
}
