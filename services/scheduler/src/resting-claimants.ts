import type { ObjectChange, Objects } from '@reckon/domain'
import {
  claimsOf,
  holds,
  isBound,
  namesOf,
  objectKey,
  type Pod,
  persistentVolumeClaims,
} from '@reckon/kubernetes'

/** Pods that back off because their claims were not bound in time, by claim. */
export class RestingClaimants {
  readonly #claimsOf = new Map<string, readonly string[]>()
  readonly #byClaim = new Map<string, Set<string>>()

  /** The pod backs off for claims, each `namespace/name`. */
  rest(uid: string, claims: readonly string[]): void {
    this.end(uid)
    this.#claimsOf.set(uid, claims)
    for (const path of claims) {
      const resting = this.#byClaim.get(path)
      if (resting) resting.add(uid)
      else this.#byClaim.set(path, new Set([uid]))
    }
  }

  /** To be called when the pod has a node or is gone. */
  end(uid: string): void {
    for (const path of this.#claimsOf.get(uid) ?? []) {
      const resting = this.#byClaim.get(path)
      resting?.delete(uid)
      if (resting?.size === 0) this.#byClaim.delete(path)
    }
    this.#claimsOf.delete(uid)
  }

  /** The pods that back off for the claim. */
  of(path: string): readonly string[] {
    return [...(this.#byClaim.get(path) ?? [])]
  }
}

/** The unbound claims of a pod, each `namespace/name`. */
export const unboundClaims = (pod: Pod, objects: Objects): readonly string[] =>
  claimsOf(pod).filter((path) => {
    const claim = objects.get(persistentVolumeClaims, ...namesOf(path))?.object
    return claim === undefined || !isBound(claim)
  })

/** The claim (`namespace/name`) that a change has bound or replaced. */
export function claimThatCame({ type, stored, before }: ObjectChange): string | undefined {
  if (type === 'DELETED' || !holds(persistentVolumeClaims, stored)) return undefined
  const wasBound = before && holds(persistentVolumeClaims, before) && isBound(before.object)
  const isNews = type === 'ADDED' || (isBound(stored.object) && !wasBound)
  return isNews ? objectKey(stored.object.metadata) : undefined
}
