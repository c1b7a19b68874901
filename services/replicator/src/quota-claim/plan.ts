import type { QuotaClaim } from '@reckon/domain'

/** How long a write may take from its claim to its object, by the observer's clock. */
const unfinishedMsMax = 60_000

/** Since when each claim has been observed, in milliseconds. */
export type Since = ReadonlyMap<string, number>

/** The claims to give up, since when the others have been observed, and when the next of them is due. */
export type ClaimsPlan = { givenUp: readonly QuotaClaim[]; since: Since; againAtMs?: number }

/** A claim whose object is neither recorded nor released is awaited, then given up. Pure. */
export function plan(claims: readonly QuotaClaim[], before: Since, nowMs: number): ClaimsPlan {
  const since = new Map(claims.map((claim) => [idOf(claim), before.get(idOf(claim)) ?? nowMs]))
  const untilMs = (claim: QuotaClaim) => (since.get(idOf(claim)) ?? nowMs) + unfinishedMsMax
  const givenUp = claims.filter((claim) => untilMs(claim) <= nowMs)
  const waiting = claims.filter((claim) => untilMs(claim) > nowMs).map(untilMs)
  return { givenUp, since, ...(waiting.length > 0 && { againAtMs: Math.min(...waiting) }) }
}

const idOf = ({ uid, attempt = '' }: QuotaClaim): string => `${uid}/${attempt}`
