import type { Bus } from '@reckon/eventing/bus'
import { frameBytesMax } from './stream-frame.ts'

const pieceBytes = 64 * 1024

/** So many bytes go in one message of a stream. */
export const pieceBytesMax = ({ payloadBytesMax }: Bus): number =>
  Math.min(pieceBytes, payloadBytesMax - frameBytesMax)
