import { ruleAllows, rulesOfUser } from '@reckon/domain'
import type { Authorizer } from './authorizer.ts'

/**
 * Role-based access control: allowed is what a rule of some role allows that the user, or a group of theirs, is bound
 * to.
 */
export const rbac: Authorizer = ({ user, ...access }, view) => {
  const namespace = 'resource' in access ? access.namespace : undefined
  for (const rule of rulesOfUser(view, user, namespace)) {
    if (ruleAllows(rule, access)) return 'allowed'
  }
  return 'no opinion'
}
