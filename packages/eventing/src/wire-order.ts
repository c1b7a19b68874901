import type { Message } from './bus.ts'
import { numberIn } from './parse.ts'
import { positionHeader, previousHeader } from './wire.ts'

/** What stands in `Previous` where nothing was before. */
const noPosition = '-'

/** The headers that give a message its place on its wire. */
export const encodeOrder = (position: bigint, previous: bigint | undefined) => ({
  [positionHeader]: String(position),
  [previousHeader]: encodePosition(previous),
})

/** The place of a message on its wire; throws SyntaxError where it names none. */
export const decodeOrder = ({ headers }: Message) => ({
  position: numberIn(headers[positionHeader]),
  previous: decodePosition(headers[previousHeader]),
})

/** A position as text, or that there is none. */
export const encodePosition = (position: bigint | undefined): string =>
  position === undefined ? noPosition : String(position)

export const decodePosition = (text: unknown): bigint | undefined =>
  text === noPosition ? undefined : numberIn(text)
