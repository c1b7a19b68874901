import type { Objects } from '@reckon/domain'
import { isOf, type Node, nodes } from '@reckon/kubernetes'
import { edgeLabel } from '@reckon/node-plane'
import type { Controller } from '../controller.ts'

/**
 * Labels the nodes on which this cluster runs its edges; nodes may not do so themselves. A label that already has
 * another value stays: somebody set it to keep a node from being an edge.
 */
export const edgeNodeController = (names: readonly string[]): Controller => ({
  name: 'edge-node-controller',

  keysOf({ type, stored: { object } }) {
    if (type === 'DELETED' || !isOf(nodes, object)) return []
    return isMeant(names, object) ? [object.metadata.name] : []
  },

  allKeys: (objects: Objects) =>
    objects
      .list(nodes)
      .flatMap(({ object }) => (isMeant(names, object) ? [object.metadata.name] : [])),

  async reconcile(name, { objects, writerFor }) {
    const stored = objects.get(nodes, '', name)
    if (stored === undefined || !isMeant(names, stored.object)) return undefined
    await writerFor(stored).change(stored.object, (node) => {
      const { labels } = node.metadata
      if (labels?.[edgeLabel] !== undefined) return node
      return { ...node, metadata: { ...node.metadata, labels: { ...labels, [edgeLabel]: 'true' } } }
    })
    return undefined
  },
})

const isMeant = (names: readonly string[], { metadata: { name, labels } }: Node): boolean =>
  names.includes(name) && labels?.[edgeLabel] === undefined
