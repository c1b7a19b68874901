import type { ClusterEvent, Policy } from './framework.ts'

/**
 * The plugins whose rejections such an event may take back; undefined: all, for a change of Nodes may help whatever was
 * in the way.
 */
export function helpedPlugins(event: ClusterEvent, policy: Policy): string[] | undefined {
  return event === 'NodeChanged' ? undefined : pluginsHelpedBy(event, policy)
}

/** The plugins that say themselves that such an event may take their rejections back. */
export const pluginsHelpedBy = (event: ClusterEvent, { plugins }: Policy): string[] =>
  plugins.flatMap(({ plugin: { name, helpedBy } }) => (helpedBy?.includes(event) ? [name] : []))
