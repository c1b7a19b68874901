import type { QuotaClaim } from '@reckon/domain'

/** So long a write may take from its claim to its object, by the one clock of who waits. */
const unfinishedMsMax = 60_000

/** Since when each claim stands, by who looks on, in milliseconds. */
export type Since = ReadonlyMap<string, number>

/** Which claims are given up, since when the others stand, and when the next of them would be given up. */
export type ClaimsPlan = { givenUp: readonly QuotaClaim[]; since: Since; againAtMs?: number }

/** What is claimed and neither recorded nor released is waited for, then given up. Pure. */
export function plan(claims: readonly QuotaClaim[], before: Since, nowMs: number): ClaimsPlan {
  const since = new Map(claims.map((claim) => [idOf(claim), before.get(idOf(claim)) ?? nowMs]))
  const untilMs = (claim: QuotaClaim) => (since.get(idOf(claim)) ?? nowMs) + unfinishedMsMax
  const givenUp = claims.filter((claim) => untilMs(claim) <= nowMs)
  const waiting = claims.filter((claim) => untilMs(claim) > nowMs).map(untilMs)
  return { givenUp, since, ...(waiting.length > 0 && { againAtMs: Math.min(...waiting) }) }
}

const idOf = ({ uid, attempt = '' }: QuotaClaim): string => `${uid}/${attempt}`
