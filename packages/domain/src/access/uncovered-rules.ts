import type { PolicyRule } from '@reckon/kubernetes'

/**
 * Which rights of some rules are missing in others, one by one, as upstream's `rbac.Covers`: what a user may not grant,
 * or what a role lacks.
 */
export const uncoveredRules = (
  wanted: readonly PolicyRule[],
  held: readonly PolicyRule[],
): PolicyRule[] =>
  wanted.flatMap(singleRights).filter((right) => !held.some((rule) => covers(rule, right)))

/** A single right: one verb on one resource, of one object where the rule names any, or on one path. */
function singleRights(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [] } = rule
  const names = resourceNames.length > 0 ? resourceNames.map((name) => [name]) : [undefined]
  return verbs.flatMap((verb) => [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        names.map((resourceNames) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(resourceNames && { resourceNames }),
        })),
      ),
    ),
    ...(rule.nonResourceURLs ?? []).map((path) => ({ verbs: [verb], nonResourceURLs: [path] })),
  ])
}

function covers(rule: PolicyRule, right: PolicyRule): boolean {
  const { resourceNames: names = [] } = rule
  return (
    hasAll(rule.verbs, right.verbs) &&
    hasAll(rule.apiGroups, right.apiGroups) &&
    (right.resources ?? []).every((resource) => coversResource(rule.resources, resource)) &&
    (names.length === 0 ||
      (right.resourceNames?.every((name) => names.includes(name)) ??
        right.resources === undefined)) &&
    (right.nonResourceURLs ?? []).every((path) => coversPath(rule.nonResourceURLs, path))
  )
}

const hasAll = (held: readonly string[] = [], wanted: readonly string[] = []): boolean =>
  wanted.every((each) => held.includes('*') || held.includes(each))

function coversResource(held: readonly string[] = [], resource: string): boolean {
  const subresource = resource.split('/')[1]
  return (
    hasAll(held, [resource]) || (subresource !== undefined && held.includes(`*/${subresource}`))
  )
}

const coversPath = (held: readonly string[] = [], path: string): boolean =>
  held.some((each) => each === path || (each.endsWith('*') && path.startsWith(each.slice(0, -1))))
