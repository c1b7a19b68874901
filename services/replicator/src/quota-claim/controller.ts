import { isSameHolder, type Objects, type QuotaClaim } from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import type { Context, Controller } from '../controller.ts'
import { plan, type Since } from './plan.ts'

/** How long until a claim that was to be given up is checked again. */
const againMs = 5_000

/**
 * Gives up quota claims whose writers ended between the claim and the object. First it records in the object's own
 * stream that the object will not be created: this refuses a writer that was only paused. Keys are namespaces.
 */
export class QuotaClaimController implements Controller {
  readonly name = 'quota-claim-repair'
  readonly #since = new Map<string, Since>()

  keysOf = (): readonly string[] => []

  follow = (objects: Objects, add: (namespace: string) => void): (() => void) =>
    objects.quotaClaims.subscribe(add)

  allKeys = (objects: Objects): readonly string[] => objects.quotaClaims.namespaces()

  async reconcile(namespace: string, context: Context): Promise<number | undefined> {
    const { objects, nowMs } = context
    const { claims } = objects.quotaClaims.of(namespace)
    const { givenUp, since, againAtMs } = attempt(namespace, () =>
      plan(claims, this.#since.get(namespace) ?? new Map(), nowMs),
    )
    if (since.size === 0) this.#since.delete(namespace)
    else this.#since.set(namespace, since)
    if (givenUp.length === 0) return againAtMs
    if (!(await context.waitForHead())) return nowMs
    for (const claim of givenUp) await giveUp(namespace, claim, context)
    // A claim that changed meanwhile is checked again when that change is seen.
    return Math.min(againAtMs ?? Number.POSITIVE_INFINITY, nowMs + againMs)
  }
}

async function giveUp(namespace: string, claim: QuotaClaim, context: Context): Promise<void> {
  const { objects, reservations, writerFor } = context
  const isStanding = () =>
    objects.quotaClaims.of(namespace).claims.some((each) => isSameHolder(each, claim))
  const cause = await reservations.claimCause(namespace, claim)
  const found = await reservations.claimant(claim)
  if (cause === undefined || !isStanding()) return
  const writer = writerFor({ intent: cause, last: cause })
  const { uid = claim.uid } = found?.stored?.object.metadata ?? {}
  if (found && uid === claim.uid) await writer.abandon({ holder: claim }, found)
  else await writer.releaseClaim(namespace, claim)
}
