import type { Pod } from '@reckon/kubernetes'
import { placeOf } from './place.ts'
import { slotNames } from './slot-name.ts'

/** What naming pods requires. */
export type Slots = {
  /** The slots of one of the owner's places that no pod ever had, lowest first, endless. */
  freeSlots(place: string): Generator<number, never>
  /** Whether a pod of this name exists, or a name was used by another owner. */
  isTaken(name: string): boolean
}

/**
 * Names each pod after the lowest slot of its place that was never used. So whoever plans the same pods, or the missing
 * ones among them, chooses the same names: see decision 004. Pure.
 */
export function inFreeSlots(pods: readonly Pod[], { freeSlots, isTaken }: Slots): Pod[] {
  const places = new Map<string, Generator<string, never>>()
  return pods.map((pod) => {
    const place = placeOf(pod)
    const names = places.get(place) ?? namesIn(freeSlots(place), slotNames(pod))
    places.set(place, names)
    let name: string
    do name = names.next().value
    while (isTaken(name))
    return { ...pod, metadata: { ...pod.metadata, name } }
  })
}

function* namesIn(
  slots: Generator<number, never>,
  nameOf: (slot: number) => string,
): Generator<string, never> {
  for (;;) yield nameOf(slots.next().value)
}
