import { type Authorizer, firstOpinion } from './authorizer.ts'
import { ownNode } from './own-node.ts'
import { rbac } from './rbac.ts'

/** Who is in this group may do everything, as upstream; no role takes that away. */
const systemMasters: Authorizer = ({ user }) =>
  user.groups.includes('system:masters') ? 'allowed' : 'no opinion'

const publicPaths = new Set(['/version', '/healthz', '/livez', '/readyz'])

/** What everybody may read, as upstream's role `system:public-info-viewer` says. */
const publicInfo: Authorizer = (attributes) =>
  'path' in attributes && publicPaths.has(attributes.path) ? 'allowed' : 'no opinion'

/** All authorizers, in the order in which they are asked. A new one is a file and a line here. */
export const authorizers: Authorizer = firstOpinion([systemMasters, publicInfo, ownNode, rbac])
