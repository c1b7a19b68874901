import {
  type ClusterRole,
  isDeepEqual,
  type KubernetesObject,
  labelSelectorOf,
  matchesLabels,
} from '@reckon/kubernetes'

/** Whether an aggregated role includes the rules of this role. */
export const isGathered = (
  role: KubernetesObject,
  { aggregationRule, metadata }: ClusterRole,
): boolean =>
  role.metadata.name !== metadata.name &&
  (aggregationRule?.clusterRoleSelectors ?? []).some((selector) =>
    matchesLabels(labelSelectorOf(selector), role.metadata.labels),
  )

/**
 * The role with the rules of all that it aggregates, ordered by name, each rule once; undefined if it has them. Pure.
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
