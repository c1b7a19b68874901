import type { ClusterEvent, Policy } from './framework.ts'

/**
 * The plugins whose rejections such an event may take back; undefined: all, for a change of Nodes may help whatever was
 * in the way.
 */
export function helpedPlugins(event: ClusterEvent, { plugins }: Policy): string[] | undefined {
  if (event === 'NodeChanged') return undefined
  return plugins.flatMap(({ plugin: { name, helpedBy } }) =>
    helpedBy?.includes(event) ? [name] : [],
  )
}
