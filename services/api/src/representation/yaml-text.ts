import { parseJson } from '@reckon/kubernetes'
import { stringify } from 'yaml'

/** As upstream's: keys in their order, and nothing in quotes that no reader of YAML 1.1 takes for something else. */
const options = {
  version: '1.1',
  sortMapEntries: true,
  lineWidth: 0,
  indentSeq: false,
  aliasDuplicateObjects: false,
} as const

/** A JSON text as YAML. */
export const yamlText = (json: string): string => stringify(parseJson(json), options)

/**
 * A list as YAML, piece by piece: what JSON says around its items, the last of which is the empty array that these
 * belong to, and each item.
 */
export function* yamlOfList(around: string, items: Iterable<Buffer>): Generator<Buffer, undefined> {
  const whole: Record<string, unknown> = JSON.parse(around)
  const head = Object.entries(whole)
  const [name = ''] = head.pop() ?? []
  const part = (those: typeof head) =>
    Buffer.from(those.length === 0 ? '' : stringify(Object.fromEntries(those), options))
  yield part(head.filter(([key]) => key < name))
  let isEmpty = true
  for (const item of items) {
    const lines = yamlText(item.toString())
      .trimEnd()
      .replaceAll(/\n(?!\n|$)/g, '\n  ')
    yield Buffer.from(`${isEmpty ? `${name}:\n` : ''}- ${lines}\n`)
    isEmpty = false
  }
  if (isEmpty) yield Buffer.from(`${name}: []\n`)
  yield part(head.filter(([key]) => key > name))
}
