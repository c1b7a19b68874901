import {
  type Claimed,
  evolveClaims,
  type Holder,
  isSameHolder,
  type Objects,
  type QuotaClaim,
  type QuotaEvent,
  QuotaUsages,
  type QuotaUse,
} from '@reckon/domain'

/** An event of a namespace's quotas that the view has not seen yet. */
export type UnseenClaim = QuotaEvent & { revision: bigint }

/**
 * The quotas as a process knows them: its view, and the claims beyond it. Each claim counts once: from when it is
 * recorded until the view has its object, or knows that there will be none.
 */
export class KnownQuotas {
  readonly #view: Objects
  readonly #usages: QuotaUsages
  readonly #unseen = new Map<string, readonly UnseenClaim[]>()

  constructor(view: Objects) {
    this.#view = view
    this.#usages = new QuotaUsages(view)
  }

  /** The quotas of a namespace and their usage. */
  in(namespace: string): readonly QuotaUse[] {
    return this.#usages.in(namespace)
  }

  claimed(namespace: string): Claimed {
    const seen = this.#view.quotaClaims.of(namespace)
    const unseen = (this.#unseen.get(namespace) ?? []).filter(
      (each) => each.revision > seen.revision,
    )
    if (unseen.length === 0) this.#unseen.delete(namespace)
    return {
      claims: unseen.reduce<readonly QuotaClaim[]>(evolveClaims, seen.claims),
      revision: unseen.at(-1)?.revision ?? seen.revision,
    }
  }

  isClaimed(namespace: string, holder: Holder): boolean {
    return this.claimed(namespace).claims.some((claim) => isSameHolder(claim, holder))
  }

  /** Records further events of a namespace's claims. */
  note(namespace: string, events: readonly UnseenClaim[]): void {
    const { revision } = this.claimed(namespace)
    const newer = events.filter((each) => each.revision > revision)
    this.#unseen.set(namespace, [...(this.#unseen.get(namespace) ?? []), ...newer])
  }
}
