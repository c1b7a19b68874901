import type { Access } from '@reckon/domain'
import { isRefusal, namespaces, type Resource } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import type { ObjectRequest } from '../requests/object-routes.ts'
import { authorizeObjects } from '../requests/request-context.ts'

/** The API group of what is answered about the past, and of the rights to it. */
export const historyGroup = 'history.reckon.dev'

type ObjectAccess = Extract<Access, { resource: object }>

/** The right to read the past of something: the verb `past` on its resource, in an API group of its own. */
export const pastOf = (access: ObjectAccess): ObjectAccess => ({
  ...access,
  verb: 'past',
  resource: { ...access.resource, group: historyGroup },
})

/** Refuses with 403 users who may not read an object, or not its past. */
export function authorizeHistory(
  request: FastifyRequest,
  { resource, name, namespace }: { resource: Resource; name: string; namespace: string },
): void {
  const home = resource === namespaces ? name : resource.namespaced ? namespace : ''
  const access = { verb: 'get', resource, name, ...(home && { namespace: home }) }
  request.authorize(access)
  request.authorize(pastOf(access))
}

/** Whether the user of a request about the present may also read the past of a resource. */
export const mayReadPast = (request: ObjectRequest, resource: Resource): boolean =>
  isAllowed(() =>
    authorizeObjects(request, 'past', { resource: { ...resource, group: historyGroup } }),
  )

/** Whether the request's user may do this. */
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
