import {
  clusterRoleBindings,
  clusterRoles,
  type PolicyRule,
  type RoleBinding,
  roleBindings,
  roles,
  subjectKey,
} from '@reckon/kubernetes'
import type { Objects } from '../views/objects.ts'
import type { Requester } from './access.ts'

const serviceAccountPrefix = 'system:serviceaccount:'

/** Every name by which bindings may mean somebody. */
export function subjectsOfUser({ name, groups }: Requester): string[] {
  const account = name.startsWith(serviceAccountPrefix)
    ? name.slice(serviceAccountPrefix.length).split(':')
    : undefined
  return [
    subjectKey({ kind: 'User', name }),
    ...groups.map((group) => subjectKey({ kind: 'Group', name: group })),
    ...(account
      ? [
          subjectKey({
            kind: 'ServiceAccount',
            namespace: account[0] ?? '',
            name: account[1] ?? '',
          }),
        ]
      : []),
  ]
}

/** The rules that the roles of a user give: those of the whole cluster, and where a namespace is given its own. */
export function* rulesOfUser(
  view: Objects,
  user: Requester,
  namespace?: string,
): Generator<PolicyRule> {
  for (const subject of subjectsOfUser(user)) {
    for (const { object } of view.binding(clusterRoleBindings, subject)) {
      yield* rulesOfBinding(view, object)
    }
    if (!namespace) continue
    for (const { object } of view.binding(roleBindings, subject, namespace)) {
      yield* rulesOfBinding(view, object)
    }
  }
}

/** What a binding gives; nothing while its role is not there. */
function rulesOfBinding(view: Objects, { metadata, roleRef }: RoleBinding): PolicyRule[] {
  const role =
    roleRef.kind === 'ClusterRole'
      ? view.get(clusterRoles, '', roleRef.name)
      : view.get(roles, metadata.namespace ?? '', roleRef.name)
  return role?.object.rules ?? []
}
