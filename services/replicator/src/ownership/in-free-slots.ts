import type { Pod } from '@reckon/kubernetes'
import { placeOf } from './place.ts'
import { slotNames } from './slot-name.ts'

/** What naming pods asks for. */
export type Slots = {
  /** The slots of a place of the owner that no pod ever had, the lowest first, without end. */
  freeSlots(place: string): Generator<number, never>
  /** Whether there is a pod of this name, or was one of somebody else. */
  isTaken(name: string): boolean
}

/**
 * The pods, each with the name of the lowest slot that its place never had. So whoever plans the same pods, or those of
 * them that are not there yet, gives them the same names: see decision 004. Pure.
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
