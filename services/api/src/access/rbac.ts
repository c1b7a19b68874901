import { ruleAllows, rulesOfUser } from '@reckon/domain'
import type { Authorizer } from './authorizer.ts'

/**
 * Role-based access control: allows what a rule allows of some role that is bound to the user or one of their groups.
 */
export const rbac: Authorizer = ({ user, ...access }, view) => {
  const namespace = 'resource' in access ? access.namespace : undefined
  for (const rule of rulesOfUser(view, user, namespace)) {
    if (ruleAllows(rule, access)) return 'allowed'
  }
  return 'no opinion'
}
