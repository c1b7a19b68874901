import {
  type ClusterRole,
  isDeepEqual,
  type KubernetesObject,
  labelSelectorOf,
  matchesLabels,
} from '@reckon/kubernetes'

/** Whether a role is one of those whose rules an aggregated role gathers. */
export const isGathered = (
  role: KubernetesObject,
  { aggregationRule, metadata }: ClusterRole,
): boolean =>
  role.metadata.name !== metadata.name &&
  (aggregationRule?.clusterRoleSelectors ?? []).some((selector) =>
    matchesLabels(labelSelectorOf(selector), role.metadata.labels),
  )

/**
 * The role with the rules of all that it gathers, in the order of their names, each once; undefined where it has them.
 * Pure.
 */
export function plan(role: ClusterRole, all: readonly ClusterRole[]): ClusterRole | undefined {
  const gathered = all
    .filter((other) => isGathered(other, role))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .flatMap(({ rules = [] }) => rules)
  const rules = gathered.filter(
    (rule, index) => gathered.findIndex((other) => isDeepEqual(other, rule)) === index,
  )
  return isDeepEqual(rules, role.rules ?? []) ? undefined : { ...role, rules }
}
