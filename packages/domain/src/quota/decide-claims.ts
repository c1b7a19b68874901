import {
  canonicalQuantity,
  compareQuantities,
  ownValue,
  type ResourceQuota,
} from '@reckon/kubernetes'
import { type Amounts, sumOf } from '../amounts.ts'
import type { Holder } from '../reservation.ts'
import { claimedOf, isSameHolder, type QuotaClaim, type QuotaEvent } from './quota-claim.ts'

/** A quota, and what the objects of its namespace use of it. */
export type QuotaUse = { quota: ResourceQuota; used: Amounts }

export type QuotaCommand =
  | { type: 'Reserve'; claim: QuotaClaim }
  | { type: 'Release'; holder: Holder }

/** The outcome of a command: an event, nothing, or a refusal. */
export type ClaimOutcome = { event?: QuotaEvent; refusal?: string }

/**
 * Decides commands one after the other. The use by objects and the claims of others both count, so no quota is ever
 * exceeded. Reserving twice in the same attempt has no effect the second time. Pure.
 */
export function decideClaims(
  uses: readonly QuotaUse[],
  claims: readonly QuotaClaim[],
  commands: readonly QuotaCommand[],
): readonly ClaimOutcome[] {
  let standing = claims
  return commands.map((command): ClaimOutcome => {
    if (command.type === 'Release') {
      const { holder } = command
      const left = standing.filter((claim) => !isSameHolder(claim, holder))
      if (left.length === standing.length) return {}
      standing = left
      return { event: { type: 'QuotaReleased', data: holder } }
    }
    const { claim } = command
    if (standing.some((other) => isSameHolder(other, claim))) return {}
    const refusal = refusalOf(uses, standing, claim)
    if (refusal !== '') return { refusal }
    standing = [...standing, claim]
    return { event: { type: 'QuotaReserved', data: claim } }
  })
}

/** The refusal in upstream's words, for the first quota that would be exceeded; empty where none would be. */
function refusalOf(
  uses: readonly QuotaUse[],
  claims: readonly QuotaClaim[],
  { amounts }: QuotaClaim,
): string {
  for (const { quota, used } of uses) {
    const { name } = quota.metadata
    const requested = amounts[name] ?? {}
    const taken = sumOf(used, claimedOf(name, claims))
    const { hard = {} } = quota.spec
    const after = sumOf(taken, requested)
    const exceeded = Object.keys(requested)
      .filter((each) => compareQuantities(after[each] ?? '0', ownValue(hard, each) ?? '0') > 0)
      .sort()
    if (exceeded.length === 0) continue
    const shown = (of: Amounts) =>
      exceeded.map((each) => `${each}=${canonicalQuantity(ownValue(of, each) ?? '0')}`).join(',')
    return `exceeded quota: ${name}, requested: ${shown(requested)}, used: ${shown(taken)}, limited: ${shown(hard)}`
  }
  return ''
}
