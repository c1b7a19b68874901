import { isRefusal, type Resource, StatusError } from '@reckon/kubernetes'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ObjectParams } from '../requests/object-routes.ts'
import { authorizeObjects } from '../requests/request-context.ts'

type ObjectRequest = FastifyRequest<{ Params: ObjectParams }>

/** Refuses with 403 who may not read the past of a resource. */
export function authorizePast(request: ObjectRequest, resource: Resource): void {
  authorizeObjects(request, 'past', { resource: { ...resource, group: 'history.reckon.dev' } })
}

/** Whether the user may. */
export function mayReadPast(request: ObjectRequest, resource: Resource): boolean {
  try {
    authorizePast(request, resource)
    return true
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return false
    throw error
  }
}

/** Aborts when nobody waits for the answer any more. */
export function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  const refusal = new StatusError('Timeout', 'the client has gone')
  reply.raw.once('close', () => gone.abort(refusal))
  return gone.signal
}
