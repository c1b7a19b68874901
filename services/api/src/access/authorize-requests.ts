import type { Access, Objects } from '@reckon/domain'
import { resourceId, StatusError } from '@reckon/kubernetes'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Attributes, Authorizer } from './authorizer.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Refuses with 403 what the request's user may not do. */
    authorize(access: Access): void
  }
}

/** Lets every request ask this authorizer. What nobody allows is refused. */
export function authorizeRequests(
  app: FastifyInstance,
  authorizer: Authorizer,
  view: Objects,
): void {
  app.decorateRequest('authorize', function (this: FastifyRequest, access) {
    const attributes = { user: this.user, ...access }
    if (authorizer(attributes, view) !== 'allowed') throw forbidden(attributes)
  })
}

/** A refusal in Kubernetes' words. */
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
