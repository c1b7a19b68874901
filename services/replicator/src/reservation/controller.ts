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
 * Reservations: what lost its object, or never got it, is free again; what an object has is held for it. Keys are the
 * streams of reserved values, and of the objects that have them. Since when a value is without its object is known for
 * one term only, by the clock of who holds the term.
 */
export class ReservationController implements Controller {
  readonly name = 'reservation-repair'
  /** By stream, the values that wait for their object: for which reservation, and when that was first seen. */
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
    // Who has the value by now has just begun, however long another had waited with it.
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
    // Where the holder has changed meanwhile, that is the evidence to look at.
    if (step.type === 'AbandonAndRelease' && !(await writer.abandon(held, found))) return nowMs
    await writer.release(held)
    return undefined
  }
}

/** Reserves for an object what it has and nobody holds. */
async function reserveMissing(stream: string, { objects, writerFor }: Context): Promise<undefined> {
  const stored = objects.ofStream(stream)
  if (stored === undefined) return
  const holder = { stream, uid: stored.object.metadata.uid ?? '' }
  for (const reservable of reservablesOf(objects.resources.of(stored.object), stored.object)) {
    if (objects.reservations.of(reservable)?.holder !== undefined) continue
    await writerFor(stored).reserve({ reservable, holder })
  }
}

/** Whether the object, as the view has it, is the holder and has the value. */
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
      // A pod without an address gets one of its Node's present range, if there is such a Node.
      const { podIP } = pod.status ?? {}
      const isWithin = podIP ? isInCidr(podIP, held.reservable.value) : uid === undefined
      return isWithin && !isFinished(pod.status)
    })
  const { position: reservedAt } = held
  return { reservedAt, isNeeded: found.isNeeded, isAnothers, endsAt: found.endsAt, isInUse }
}
