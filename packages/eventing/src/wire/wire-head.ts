import type { Message } from '../bus/bus.ts'
import { fieldsOf, jsonIn, numberIn, textAt } from '../parse.ts'

/** The last position published on the trusted wire (undefined before the first), and the relay that states it. */
export type WireHead = { position: bigint | undefined; relay: string }

/** Stands for an absent position. */
const noPosition = '-'

export const encodeHead = ({ position, relay }: WireHead): Uint8Array => {
  const text = position === undefined ? noPosition : String(position)
  return new TextEncoder().encode(JSON.stringify({ position: text, relay }))
}

/** Throws SyntaxError where it is invalid. */
export function decodeHead({ data }: Pick<Message, 'data'>): WireHead {
  const fields = fieldsOf(jsonIn(data))
  const position = fields.position === noPosition ? undefined : numberIn(fields.position)
  return { position, relay: textAt(fields, 'relay') }
}
