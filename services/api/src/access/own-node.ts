import { nodeOfUser, nodesGroup } from '@reckon/domain'
import { nodes } from '@reckon/kubernetes'
import type { Authorizer } from './authorizer.ts'

/** A node may get and delete its own Node object, as upstream lets a kubelet; that is how a machine leaves. */
export const ownNode: Authorizer = ({ user, ...access }) => {
  if (!user.groups.includes(nodesGroup) || 'path' in access) return 'no opinion'
  const { verb, resource, subresource, name } = access
  const isOwn =
    resource.group === '' && resource.plural === nodes.plural && name === nodeOfUser(user.name)
  return isOwn && subresource === undefined && ['get', 'delete'].includes(verb)
    ? 'allowed'
    : 'no opinion'
}
