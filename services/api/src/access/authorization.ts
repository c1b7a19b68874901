import { type Resource, resourceId, StatusError } from '@reckon/kubernetes'
import type { User } from './authentication.ts'

/** What a request is about to do: to objects of a resource, or on a path that belongs to none. */
export type Attributes = {
  user: User
  verb: string
} & (
  | { path: string }
  | {
      resource: Pick<Resource, 'group' | 'plural'>
      subresource?: string
      namespace?: string
      name?: string
    }
)

const openPaths = ['/version', '/healthz', '/livez', '/readyz']

/** Refuses with 403, in Kubernetes' words, what the user may not do. */
export function authorize(attributes: Attributes): void {
  const { user } = attributes
  if (user.groups.includes('system:masters')) return
  if ('path' in attributes) {
    if (openPaths.includes(attributes.path)) return
    const denied = `User "${user.name}" cannot ${attributes.verb} path "${attributes.path}"`
    throw new StatusError('Forbidden', `forbidden: ${denied}`)
  }
  const { resource, subresource, namespace, name } = attributes
  const subject = name === undefined ? resourceId(resource) : `${resourceId(resource)} "${name}"`
  const what = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  throw new StatusError(
    'Forbidden',
    `${subject} is forbidden: User "${user.name}" cannot ${attributes.verb} resource "${what}" in API group "${resource.group}" ${where}`,
    {
      ...(name === undefined ? {} : { name }),
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
    },
  )
}
