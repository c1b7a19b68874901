import { type Amounts, sumOf } from '../amounts.ts'
import { dataOf, type Recorded } from '../recorded-data.ts'
import type { Holder } from '../reservation.ts'

/** The use of each quota that an object will have, claimed before the object is recorded. */
export type QuotaClaim = Holder & { amounts: Readonly<Record<string, Amounts>> }

/** An event in the stream of a namespace's quotas. */
export type QuotaEvent =
  | { type: 'QuotaReserved'; data: QuotaClaim }
  /** The object will not be created or changed. */
  | { type: 'QuotaReleased'; data: Holder }

const prefix = 'quotas-'

export const quotaStream = (namespace: string): string => `${prefix}${namespace}`

/** The namespace whose quotas a stream is about; undefined for other streams. */
export const quotaNamespace = (stream: string): string | undefined =>
  stream.startsWith(prefix) && !stream.includes('/') ? stream.slice(prefix.length) : undefined

export const isSameHolder = (a: Holder, b: Holder): boolean =>
  a.stream === b.stream && a.uid === b.uid && a.attempt === b.attempt

/** Parses an event of a namespace's quotas. */
export function quotaEventIn(event: Recorded & { type: string }): QuotaEvent {
  const { type } = event
  if (type === 'QuotaReserved') return { type, data: dataOf(event, 'stream', 'uid', 'amounts') }
  return { type: 'QuotaReleased', data: dataOf(event, 'stream', 'uid') }
}

/** The claims after one more event. */
export const evolveClaims = (
  claims: readonly QuotaClaim[],
  { type, data }: QuotaEvent,
): readonly QuotaClaim[] =>
  type === 'QuotaReserved'
    ? [...claims, data]
    : claims.filter((claim) => !isSameHolder(claim, data))

/** The sum of the claims on one quota. */
export const claimedOf = (quota: string, claims: readonly QuotaClaim[]): Amounts =>
  claims.reduce<Amounts>((all, { amounts }) => sumOf(all, amounts[quota] ?? {}), {})
