import { firstWhere, type Segment } from './history-log.ts'
import { type Claim, type Judging, violated } from './judging.ts'

/** Every claim was true at some moment between request and answer; so far as it tells when, that is kept as well. */
export function judgeClaims(judging: Judging): void {
  for (const claim of judging.claims) judgeClaim(judging, claim)
}

function judgeClaim(judging: Judging, claim: Claim): void {
  const { log, moments } = judging
  const { operation, newerThan } = claim
  const segments = log.segments(claim.key)
  const { invokedAt, answer } = operation
  const answeredAt = answer?.at ?? Number.POSITIVE_INFINITY
  const endOf = (nth: number) => segments[nth + 1]?.index ?? moments.count
  const isLateEnough = (nth: number) =>
    newerThan === undefined ? moments.mayFollow(endOf(nth), invokedAt) : endOf(nth) > newerThan
  const first = firstWhere(segments.length, isLateEnough)
  let [begin, end]: (number | undefined)[] = []
  for (let nth = first; nth < segments.length; nth++) {
    const { index, state } = segments[nth] as Segment
    if (!moments.mayPrecede(index, answeredAt)) break
    if (claim.isChange && (index < 0 || !moments.mayFollow(index, invokedAt))) continue
    if (!claim.isTrue(state)) continue
    begin ??= index
    end = endOf(nth)
  }
  if (begin === undefined || end === undefined) {
    const near = segments.slice(Math.max(first - 1, 0), first + 3).map(({ index }) => index)
    const rule = 'what is answered was true at some moment'
    violated(judging, rule, `never: ${claim.what}`, {
      operations: [operation],
      indices: near,
    })
    return
  }
  moments.recordedBefore(begin, answeredAt, operation)
  if (newerThan === undefined) moments.recordedAfter(end, invokedAt, operation)
}
