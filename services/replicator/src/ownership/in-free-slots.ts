import type { Pod } from '@reckon/kubernetes'
import { placeOf } from './place.ts'
import { slotName } from './slot-name.ts'

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
  const free = new Map<string, Generator<number, never>>()
  return pods.map((pod) => {
    const place = placeOf(pod)
    const slots = free.get(place) ?? freeSlots(place)
    free.set(place, slots)
    let name: string
    do name = slotName(pod, slots.next().value)
    while (isTaken(name))
    return { ...pod, metadata: { ...pod.metadata, name } }
  })
}
