import type { Bus } from '@reckon/eventing/bus'
import { frameBytesMax } from './stream-frame.ts'

const pieceBytes = 64 * 1024

/** The maximum payload of one stream message. */
export const pieceBytesMax = ({ payloadBytesMax }: Bus): number =>
  Math.min(pieceBytes, payloadBytesMax - frameBytesMax)
