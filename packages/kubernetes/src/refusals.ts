import { type StatusCause, type StatusDetails, StatusError } from './status-error.ts'

/** The names of a resource that refusals contain. */
type Named = { readonly group: string; readonly plural: string; readonly kind: string }

const qualified = (name: string, group: string) => (group === '' ? name : `${name}.${group}`)

const aboutObject = ({ group, plural }: Named, name: string): StatusDetails => ({
  name,
  ...(group === '' ? {} : { group }),
  kind: plural,
})

/** `pods "web" not found`. */
export function notFound(resource: Named, name: string): StatusError {
  const id = qualified(resource.plural, resource.group)
  return new StatusError('NotFound', `${id} "${name}" not found`, aboutObject(resource, name))
}

/** `pods "web" already exists`, adding where applicable that it is being deleted. */
export function alreadyExists(
  resource: Named,
  name: string,
  { isTerminating = false }: { isTerminating?: boolean } = {},
): StatusError {
  const id = qualified(resource.plural, resource.group)
  return new StatusError(
    'AlreadyExists',
    `${isTerminating ? 'object is being deleted: ' : ''}${id} "${name}" already exists`,
    aboutObject(resource, name),
  )
}

const modified =
  'the object has been modified; please apply your changes to the latest version and try again'

/** `Operation cannot be fulfilled on pods "web": …`; by default because it has been modified. */
export function conflict(resource: Named, name: string, why: string = modified): StatusError {
  const id = qualified(resource.plural, resource.group)
  return new StatusError(
    'Conflict',
    `Operation cannot be fulfilled on ${id} "${name}": ${why}`,
    aboutObject(resource, name),
  )
}

/** `pods "web" is forbidden: …`. */
export function forbidden(
  resource: Named,
  name: string,
  why: string,
  causes: readonly StatusCause[] = [],
): StatusError {
  const id = qualified(resource.plural, resource.group)
  return new StatusError('Forbidden', `${id} "${name}" is forbidden: ${why}`, {
    ...aboutObject(resource, name),
    ...(causes.length > 0 && { causes }),
  })
}

/** `Deployment.apps "x" is invalid: spec.replicas: Invalid value: …`, with every cause. */
export function invalid(
  resource: Pick<Named, 'group' | 'kind'>,
  name: string,
  causes: readonly StatusCause[],
): StatusError {
  const texts = causes.map(({ field, message }) => (field ? `${field}: ${message}` : message))
  const distinct = [...new Set(texts)]
  const list = distinct.length === 1 ? distinct[0] : `[${distinct.join(', ')}]`
  const subject = `${qualified(resource.kind, resource.group)} "${name}" is invalid`
  return new StatusError('Invalid', causes.length === 0 ? subject : `${subject}: ${list}`, {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.kind,
    causes,
  })
}

/** The request is malformed. */
export function badRequest(message: string): StatusError {
  return new StatusError('BadRequest', message)
}
