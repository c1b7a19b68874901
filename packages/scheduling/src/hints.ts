import type { ClusterEvent, Policy } from './framework.ts'

/**
 * The plugins whose rejections may no longer hold after such an event; undefined: those of all plugins, because a
 * change of Nodes may help in any case.
 */
export function helpedPlugins(
  event: ClusterEvent,
  policies: readonly Policy[],
): string[] | undefined {
  if (event === 'NodeChanged') return undefined
  return policies.flatMap((policy) => pluginsHelpedBy(event, policy))
}

/** The plugins that name this event among those that help (`helpedBy`). */
export const pluginsHelpedBy = (event: ClusterEvent, { plugins }: Policy): string[] =>
  plugins.flatMap(({ plugin: { name, helpedBy } }) => (helpedBy?.includes(event) ? [name] : []))

/** Those of them that judge by whole domains: what happens on one node may help on any other of its zone. */
export function pluginsHelpedElsewhere(
  event: ClusterEvent,
  policies: readonly Policy[],
): ReadonlySet<string> {
  const byDomains = policies.map(({ name, plugins }) => {
    return { name, plugins: plugins.filter(({ plugin }) => plugin.judges === 'topology') }
  })
  return new Set(helpedPlugins(event, byDomains))
}
