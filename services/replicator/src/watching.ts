import type { Resource } from '@reckon/kubernetes'
import type { Controller } from './controller.ts'

/** A controller with the kinds whose changes it receives. */
export type Watching = { readonly controller: Controller; watches(resource: Resource): boolean }

/** The kinds that it receives changes of; none for a controller that is not triggered by objects. */
export const watching = (controller: Controller, ...kinds: readonly Resource[]): Watching => ({
  controller,
  watches: (resource) => kinds.includes(resource),
})

/** It receives changes of every kind for which this is true. */
export const watchingWhere = (controller: Controller, watches: Watching['watches']): Watching => ({
  controller,
  watches,
})

/** Finds the controllers that receive changes of a kind; cached for each kind. */
export function watchersOf<T extends Pick<Watching, 'watches'>>(
  all: readonly T[],
): (resource: Resource) => readonly T[] {
  const known = new WeakMap<Resource, readonly T[]>()
  return (resource) => {
    const found = known.get(resource) ?? all.filter((each) => each.watches(resource))
    known.set(resource, found)
    return found
  }
}
