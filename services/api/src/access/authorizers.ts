import { type Authorizer, firstOpinion } from './authorizer.ts'
import { ownNode } from './own-node.ts'
import { rbac } from './rbac.ts'

/** Members of this group may do everything, as upstream, whatever the roles say. */
const systemMasters: Authorizer = ({ user }) =>
  user.groups.includes('system:masters') ? 'allowed' : 'no opinion'

const publicPaths = new Set(['/version', '/healthz', '/livez', '/readyz'])

/** The paths that everybody may read, as in upstream's role `system:public-info-viewer`. */
const publicInfo: Authorizer = (attributes) =>
  'path' in attributes && publicPaths.has(attributes.path) ? 'allowed' : 'no opinion'

/** All authorizers, in the order in which they are asked. To add one, write a file and add a line here. */
export const authorizers: Authorizer = firstOpinion([systemMasters, publicInfo, ownNode, rbac])
