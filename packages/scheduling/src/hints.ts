import type { ClusterEvent, Policy } from './framework.ts'

/**
 * The plugins whose rejections may no longer hold after such an event; undefined: those of all plugins, because a
 * change of Nodes may help in any case.
 */
export function helpedPlugins(event: ClusterEvent, policy: Policy): string[] | undefined {
  return event === 'NodeChanged' ? undefined : pluginsHelpedBy(event, policy)
}

/** The plugins that name this event among those that help (`helpedBy`). */
export const pluginsHelpedBy = (event: ClusterEvent, { plugins }: Policy): string[] =>
  plugins.flatMap(({ plugin: { name, helpedBy } }) => (helpedBy?.includes(event) ? [name] : []))
