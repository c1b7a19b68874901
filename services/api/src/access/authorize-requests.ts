import type { Access, Objects } from '@reckon/domain'
import { resourceId, StatusError } from '@reckon/kubernetes'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Moment } from '../past/moment.ts'
import { pastOf } from '../past/past-of-request.ts'
import type { Attributes, Authorizer } from './authorizer.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Refuses with 403 what the request's user may not do. */
    authorize(access: Access): void
  }
}

/** Makes every request ask this authorizer. What no rule allows is refused. */
export function authorizeRequests(
  app: FastifyInstance,
  authorizer: Authorizer,
  view: Objects,
): void {
  app.decorateRequest('authorize', function (this: FastifyRequest, access) {
    for (const each of neededFor(access, this.moment)) {
      const attributes = { user: this.user, ...each }
      if (authorizer(attributes, view) !== 'allowed') throw forbidden(attributes)
    }
  })
}

/** Reading objects of the past requires a further right. */
function neededFor(access: Access, moment: Moment | undefined): readonly Access[] {
  if (moment === undefined || 'path' in access) return [access]
  return [access, pastOf(access)]
}

/** The 403 in Kubernetes' words. */
function forbidden(attributes: Attributes): StatusError {
  const { user, verb } = attributes
  if ('path' in attributes) {
    const denied = `User "${user.name}" cannot ${verb} path "${attributes.path}"`
    return new StatusError('Forbidden', `forbidden: ${denied}`)
  }
  const { resource, subresource, namespace, name } = attributes
  const subject = name === undefined ? resourceId(resource) : `${resourceId(resource)} "${name}"`
  const what = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  return new StatusError(
    'Forbidden',
    `${subject} is forbidden: User "${user.name}" cannot ${verb} resource "${what}" in API group "${resource.group}" ${where}`,
    {
      ...(name === undefined ? {} : { name }),
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
    },
  )
}
