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

/** Every form in which a binding may name a user. */
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

/** The rules that a user's roles grant: in the whole cluster and, if a namespace is given, in it. */
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

/** The rules that a binding grants; none while its role does not exist. */
function rulesOfBinding(view: Objects, { metadata, roleRef }: RoleBinding): PolicyRule[] {
  const role =
    roleRef.kind === 'ClusterRole'
      ? view.get(clusterRoles, '', roleRef.name)
      : view.get(roles, metadata.namespace ?? '', roleRef.name)
  return role?.object.rules ?? []
}
