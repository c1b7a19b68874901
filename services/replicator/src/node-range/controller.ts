import type { Objects } from '@reckon/domain'
import { isOf, type Node, nodes } from '@reckon/kubernetes'
import type { Controller } from '../controller.ts'

/** What a dead writer reserved in vain is free again after a while, and no Node tells of it. */
const lookEveryMs = 60_000

/**
 * Nodes that were allotted no range of addresses, because none was left, get one as soon as one is. The write path
 * allots it with whatever changes: so nothing is recorded while nothing is free.
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
