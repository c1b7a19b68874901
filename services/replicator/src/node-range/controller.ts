import type { Objects } from '@reckon/domain'
import { isOf, type Node, nodes } from '@reckon/kubernetes'
import type { Controller } from '../controller.ts'

/** Ranges that a dead writer reserved become free after a while, and no change of a Node tells. */
const lookEveryMs = 60_000

/**
 * Gives nodes without a pod address range one as soon as one is free. The write path allots it with any change, so
 * nothing is recorded while none is free.
 */
export const nodeRangeController: Controller = {
  name: 'node-ipam-controller',

  keysOf({ type, stored: { object } }) {
    if (!isOf(nodes, object) || type === 'DELETED') return []
    return lacksRange(object) ? [object.metadata.name] : []
  },

  follow: (objects, add) =>
    objects.reservations.subscribe((reservable) => {
      const isFree = objects.reservations.of(reservable)?.holder === undefined
      if (reservable.pool === 'podcidrs' && isFree) withoutRange(objects).forEach(add)
    }),

  allKeys: (objects) => withoutRange(objects),

  async reconcile(key, { objects, nowMs, writerFor }) {
    const stored = objects.get(nodes, '', key)
    if (stored === undefined || !lacksRange(stored.object)) return undefined
    await writerFor(stored).change(stored.object, (node) => node)
    return nowMs + lookEveryMs
  },
}

const withoutRange = (objects: Objects): string[] =>
  objects
    .list(nodes)
    .filter(({ object }) => lacksRange(object))
    .map(({ object }) => object.metadata.name)

const lacksRange = ({ spec }: Node): boolean => !spec.podCIDR
