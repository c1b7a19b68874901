import type { Message } from '../bus/bus.ts'
import { fieldsOf, jsonIn, numberIn, textAt } from '../parse.ts'

/** What names the last position that was said on the trusted wire, undefined where nothing was yet, and who says so. */
export type WireHead = { position: bigint | undefined; relay: string }

/** What stands for the position where there is none. */
const noPosition = '-'

export const encodeHead = ({ position, relay }: WireHead): Uint8Array => {
  const text = position === undefined ? noPosition : String(position)
  return new TextEncoder().encode(JSON.stringify({ position: text, relay }))
}

/** Throws SyntaxError where it is none. */
export function decodeHead({ data }: Pick<Message, 'data'>): WireHead {
  const fields = fieldsOf(jsonIn(data))
  const position = fields.position === noPosition ? undefined : numberIn(fields.position)
  return { position, relay: textAt(fields, 'relay') }
}
