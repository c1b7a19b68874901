import type { Rejection } from '../pods/admission.ts'
import type { Candidate } from './rank.ts'
import type { Shortage } from './shortage.ts'

/** The reason and message of an eviction, in a kubelet's wording. */
export function evictionOf(
  shortage: Shortage,
  { usedBytes, requestedBytes }: Candidate,
): Rejection {
  const [threshold, available] = [shortage.thresholdBytes, shortage.availableBytes].map(kibibytes)
  const excess = usedBytes > requestedBytes ? `, has larger consumption of ${shortage.of}` : ''
  const message =
    `The node was low on resource: ${shortage.of}. Threshold quantity: ${threshold}, available: ${available}. ` +
    `Its containers were using ${kibibytes(usedBytes)}, request is ${kibibytes(requestedBytes)}${excess}. `
  return { reason: 'Evicted', message }
}

const kibibytes = (bytes: number): string => (bytes === 0 ? '0' : `${Math.round(bytes / 1024)}Ki`)
