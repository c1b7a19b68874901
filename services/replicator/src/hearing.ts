import type { Resource } from '@reckon/kubernetes'
import type { Controller } from './controller.ts'

/** A controller, and by changes of which kinds it may be given keys: of others it is not asked. */
export type Hearing = { readonly controller: Controller; hears(resource: Resource): boolean }

/** It hears of these kinds; without any, what it follows is no object. */
export const hearing = (controller: Controller, ...kinds: readonly Resource[]): Hearing => ({
  controller,
  hears: (resource) => kinds.includes(resource),
})

/** It hears of every kind for which this holds. */
export const hearingWhere = (controller: Controller, hears: Hearing['hears']): Hearing => ({
  controller,
  hears,
})

/** Those of them that hear of a kind, found once for each kind. */
export function hearersOf<T extends Pick<Hearing, 'hears'>>(
  all: readonly T[],
): (resource: Resource) => readonly T[] {
  const known = new WeakMap<Resource, readonly T[]>()
  return (resource) => {
    const found = known.get(resource) ?? all.filter((each) => each.hears(resource))
    known.set(resource, found)
    return found
  }
}
