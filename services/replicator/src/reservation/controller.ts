import {
  type Holder,
  type ObjectChange,
  type Objects,
  type Reservable,
  reservableOf,
  reservablesOf,
  reservationStream,
  reserves,
  type StoredObject,
  streamOf,
} from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import { isFinished, isInCidr, resourceOf } from '@reckon/kubernetes'
import type { FoundHolder, HeldValue } from '@reckon/writing'
import type { Context, Controller } from '../controller.ts'
import { type Evidence, plan } from './plan.ts'

/**
 * Reservations: releases values whose object is gone or was never created, and reserves values that an object has
 * without a reservation. Keys are streams of reserved values and of the objects that have them. How long a value has
 * been without its object is counted only within one term, by the clock of this instance.
 */
export class ReservationController implements Controller {
  readonly name = 'reservation-repair'
  /** For the stream of each value that waits for its object: the reservation, and when this was first noticed. */
  readonly #unfinished = new Map<string, { reservedAt: bigint; sinceMs: number }>()

  keysOf(change: ObjectChange): readonly string[] {
    const { type, resource, stored, before } = change
    if (!reserves(resource)) return []
    const has = [stored, before].flatMap((each) =>
      each ? reservablesOf(resource, each.object).map(reservationStream) : [],
    )
    return type === 'DELETED' ? has : [change.event.stream, ...has]
  }

  follow(objects: Objects, add: (key: string) => void): () => void {
    return objects.reservations.subscribe((reservable) => add(reservationStream(reservable)))
  }

  allKeys(objects: Objects): readonly string[] {
    const held = [...objects.reservations.held()].map(({ reservable }) =>
      reservationStream(reservable),
    )
    const holders = objects.resources.all
      .filter(reserves)
      .flatMap((resource) =>
        objects
          .list(resource)
          .map(({ object: { metadata } }) => streamOf(resource, metadata.namespace, metadata.name)),
      )
    return [...held, ...holders]
  }

  reconcile(key: string, context: Context): Promise<number | undefined> {
    const reservable = reservableOf(key)
    return reservable ? this.#release(reservable, key, context) : reserveMissing(key, context)
  }

  /** Releases a value that nobody needs any more. */
  async #release(
    reservable: Reservable,
    key: string,
    { objects, nowMs, reservations, writerFor }: Context,
  ): Promise<number | undefined> {
    const holder = objects.reservations.of(reservable)?.holder
    const isSettled =
      holder === undefined || isHolding(objects.ofStream(holder.stream), holder, key)
    const held = isSettled ? undefined : await reservations.held(reservable)
    const found = held && (await reservations.holder(held))
    if (held === undefined || found === undefined) {
      this.#unfinished.delete(key)
      return undefined
    }
    const known = this.#unfinished.get(key)
    // A new holder's waiting time begins anew.
    const isSame = known?.reservedAt === held.position
    const unfinishedSinceMs = isSame ? known.sinceMs : nowMs
    this.#unfinished.set(key, { reservedAt: held.position, sinceMs: unfinishedSinceMs })
    const step = attempt(key, () =>
      plan(evidenceOf(held, found, objects), { unfinishedSinceMs, nowMs }),
    )
    if (step.type === 'Wait') return step.untilMs
    this.#unfinished.delete(key)
    if (step.type === 'Keep') return undefined
    const writer = writerFor({ intent: held.cause, last: held.cause })
    // If the holder's stream has changed meanwhile, decide again on that.
    if (step.type === 'AbandonAndRelease' && !(await writer.abandon(held, found))) return nowMs
    await writer.release(held)
    return undefined
  }
}

/** Reserves for an object a value that it has and that nobody holds. */
async function reserveMissing(stream: string, { objects, writerFor }: Context): Promise<undefined> {
  const stored = objects.ofStream(stream)
  if (stored === undefined) return
  const holder = { stream, uid: stored.object.metadata.uid ?? '' }
  for (const reservable of reservablesOf(objects.resources.of(stored.object), stored.object)) {
    if (objects.reservations.of(reservable)?.holder !== undefined) continue
    await writerFor(stored).reserve({ reservable, holder })
  }
}

/** Whether the object in the view is the holder and has the value. */
const isHolding = (stored: StoredObject | undefined, holder: Holder, value: string): boolean =>
  stored?.object.metadata.uid === holder.uid &&
  reservablesOf(resourceOf(stored.object), stored.object).some(
    (each) => reservationStream(each) === value,
  )

function evidenceOf(held: HeldValue, found: FoundHolder, objects: Objects): Evidence {
  const { uid } = found.stored?.object.metadata ?? {}
  const isAnothers = uid !== undefined && uid !== held.holder.uid
  const isInUse =
    held.reservable.pool === 'podcidrs' &&
    objects.podsOn(found.target.name).some(({ object: pod }) => {
      // A pod without an address gets one from its Node's present range, if the Node exists.
      const { podIP } = pod.status ?? {}
      const isWithin = podIP ? isInCidr(podIP, held.reservable.value) : uid === undefined
      return isWithin && !isFinished(pod.status)
    })
  const { position: reservedAt } = held
  return { reservedAt, isNeeded: found.isNeeded, isAnothers, endsAt: found.endsAt, isInUse }
}
