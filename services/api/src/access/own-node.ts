import { nodeOfUser, nodesGroup } from '@reckon/domain'
import { nodes } from '@reckon/kubernetes'
import type { Authorizer } from './authorizer.ts'

/** A node may look at its own Node and delete it, as upstream lets a kubelet: so a machine leaves. */
export const ownNode: Authorizer = ({ user, ...access }) => {
  if (!user.groups.includes(nodesGroup) || 'path' in access) return 'no opinion'
  const { verb, resource, subresource, name } = access
  const isOwn =
    resource.group === '' && resource.plural === nodes.plural && name === nodeOfUser(user.name)
  return isOwn && subresource === undefined && ['get', 'delete'].includes(verb)
    ? 'allowed'
    : 'no opinion'
}
