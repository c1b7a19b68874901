import { parseJson } from '@reckon/kubernetes'
import { stringify } from 'yaml'

/** As upstream: keys keep their order, and quotes only where YAML 1.1 would read the text as something else. */
const options = {
  version: '1.1',
  sortMapEntries: true,
  lineWidth: 0,
  indentSeq: false,
  aliasDuplicateObjects: false,
} as const

/** A JSON text as YAML. */
export const yamlText = (json: string): string => stringify(parseJson(json), options)

/** A list as YAML, in pieces: from its JSON around the items, which ends in an empty array, and each item. */
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
