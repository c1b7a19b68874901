import {
  type ClusterRole,
  clusterRoleBindings,
  clusterRoles,
  forbidden,
  isDeepEqual,
  isOf,
  type PolicyRule,
  roleBindings,
  roles,
} from '@reckon/kubernetes'
import { ruleAllows } from '../access/rule-allows.ts'
import { uncoveredRules } from '../access/uncovered-rules.ts'
import type { AdmissionPlugin, OtherObjects, Write } from './admission.ts'

/** An aggregated role may come to have any rules. */
const everything: PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
]

/**
 * Nobody may grant rights that they do not have, neither by a role nor by a binding, unless they may `escalate` the
 * role or `bind` it. The cluster's own services, which are in no group, may. As upstream's RBAC storage.
 */
export const privilegeEscalation: AdmissionPlugin = {
  name: 'PrivilegeEscalation',
  admit(write, others) {
    const { resource, object, actor } = write
    if (!actor?.groups || actor.groups.includes('system:masters')) return
    const given = givenBy(write, others)
    if (given === undefined) return
    const { name, namespace } = object.metadata
    const user = { name: actor.user, groups: actor.groups }
    const held = [...others.rulesOf(user, namespace)]
    if (held.some((rule) => ruleAllows(rule, given.exemption))) return
    const missing = uncoveredRules(given.rules, held)
    if (missing.length === 0) return
    throw forbidden(resource, name, refusal(user, missing))
  },
}

/** The rights that a write newly grants, and the permission that makes up for not having them. */
function givenBy({ resource, object, before }: Write, others: OtherObjects) {
  if (isOf(roles, object) || isOf(clusterRoles, object)) {
    if (isSame(object, before)) return undefined
    const { name } = object.metadata
    return { rules: rulesGiven(object), exemption: { verb: 'escalate', resource, name } }
  }
  if (!isOf(roleBindings, object) && !isOf(clusterRoleBindings, object)) return undefined
  if (isDeepEqual(object.subjects, before?.subjects)) return undefined
  const { kind, name } = object.roleRef
  const bound = kind === 'ClusterRole' ? clusterRoles : roles
  const namespace = kind === 'ClusterRole' ? '' : (object.metadata.namespace ?? '')
  const role = others.get(bound, namespace, name)?.object
  // The role does not exist yet, and could be created later with any rules.
  const rules = role && isOf(bound, role) ? (role.rules ?? []) : everything
  return { rules, exemption: { verb: 'bind', resource: bound, name } }
}

const isSame = (role: ClusterRole, before: Write['before']): boolean =>
  before !== undefined &&
  isDeepEqual(role.rules, before.rules) &&
  isDeepEqual(role.aggregationRule, before.aggregationRule)

const rulesGiven = ({ rules = [], aggregationRule }: ClusterRole): PolicyRule[] =>
  aggregationRule ? everything : rules

const refusal = (user: { name: string; groups: readonly string[] }, missing: PolicyRule[]) =>
  `user "${user.name}" (groups=${JSON.stringify(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${missing.map(ruleText).join('\n')}`

/** A rule in upstream's notation. */
function ruleText({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule) {
  const parts = {
    APIGroups: apiGroups,
    Resources: resources,
    ResourceNames: resourceNames,
    NonResourceURLs: nonResourceURLs,
    Verbs: verbs,
  }
  const shown = Object.entries(parts).flatMap(([name, values]) =>
    values ? [`${name}:${JSON.stringify(values)}`] : [],
  )
  return `{${shown.join(', ')}}`
}
