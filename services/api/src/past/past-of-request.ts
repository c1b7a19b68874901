import type { Access } from '@reckon/domain'
import { isRefusal, namespaces, type Resource } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import type { ObjectRequest } from '../requests/object-routes.ts'
import { authorizeObjects } from '../requests/request-context.ts'

/** The group of what is told of the past, and of the rights to it. */
export const historyGroup = 'history.reckon.dev'

type ObjectAccess = Extract<Access, { resource: object }>

/** The right to the past of what somebody wants to read: the verb `past` on its resource, in a group of its own. */
export const pastOf = (access: ObjectAccess): ObjectAccess => ({
  ...access,
  verb: 'past',
  resource: { ...access.resource, group: historyGroup },
})

/** Refuses with 403 who may not read an object, or not its past. */
export function authorizeHistory(
  request: FastifyRequest,
  { resource, name, namespace }: { resource: Resource; name: string; namespace: string },
): void {
  const home = resource === namespaces ? name : resource.namespaced ? namespace : ''
  const access = { verb: 'get', resource, name, ...(home && { namespace: home }) }
  request.authorize(access)
  request.authorize(pastOf(access))
}

/** Whether the user of a request about the present may read the past of a resource, too. */
export const mayReadPast = (request: ObjectRequest, resource: Resource): boolean =>
  isAllowed(() =>
    authorizeObjects(request, 'past', { resource: { ...resource, group: historyGroup } }),
  )

/** Whether a request's user may do that. */
export const mayDo = (request: FastifyRequest, access: Access): boolean =>
  isAllowed(() => request.authorize(access))

function isAllowed(authorize: () => void): boolean {
  try {
    authorize()
    return true
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return false
    throw error
  }
}
