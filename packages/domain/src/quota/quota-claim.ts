import { type Amounts, sumOf } from '../amounts.ts'
import { dataOf, type Recorded } from '../recorded-data.ts'
import type { Holder } from '../reservation.ts'

/** What an object is to be counted with, by the names of the quotas of its namespace, from before it is recorded. */
export type QuotaClaim = Holder & { amounts: Readonly<Record<string, Amounts>> }

/** An event in the stream of a namespace's quotas. */
export type QuotaEvent =
  | { type: 'QuotaReserved'; data: QuotaClaim }
  /** What it was reserved for will not come. */
  | { type: 'QuotaReleased'; data: Holder }

const prefix = 'quotas-'

export const quotaStream = (namespace: string): string => `${prefix}${namespace}`

/** The namespace whose quotas a stream is about; undefined for any other stream. */
export const quotaNamespace = (stream: string): string | undefined =>
  stream.startsWith(prefix) && !stream.includes('/') ? stream.slice(prefix.length) : undefined

export const isSameHolder = (a: Holder, b: Holder): boolean =>
  a.stream === b.stream && a.uid === b.uid && a.attempt === b.attempt

/** What was recorded in the stream of a namespace's quotas. */
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

/** What claims ask for of one quota together. */
export const claimedOf = (quota: string, claims: readonly QuotaClaim[]): Amounts =>
  claims.reduce<Amounts>((all, { amounts }) => sumOf(all, amounts[quota] ?? {}), {})
