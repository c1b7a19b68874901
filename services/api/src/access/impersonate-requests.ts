import { accountGroups } from '@reckon/domain'
import { badRequest, serviceAccounts } from '@reckon/kubernetes'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { anonymous, type User } from './authenticator.ts'

const users = { group: '', plural: 'users' }
const groups = { group: '', plural: 'groups' }

/** `system:serviceaccount:<namespace>:<name>`. */
const accountName = /^system:serviceaccount:(?<namespace>[^:]+):(?<name>[^:]+)$/

/**
 * Lets users with the right to `impersonate` act in the name of another (`kubectl --as`, `--as-group`). As upstream,
 * each user name and each group is authorized by itself. Register this after authentication and authorization.
 */
export function impersonateRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const wanted = wantedUser(request)
    if (wanted !== undefined) impersonate(request, wanted)
    done()
  })
}

function impersonate(request: FastifyRequest, wanted: User): void {
  authorizeName(request, wanted.name)
  for (const name of wanted.groups) {
    request.authorize({ verb: 'impersonate', resource: groups, name })
  }
  request.user = { ...completed(wanted), impersonator: request.user.name }
}

function authorizeName(request: FastifyRequest, user: string): void {
  const { namespace, name = user } = accountName.exec(user)?.groups ?? {}
  request.authorize({
    verb: 'impersonate',
    resource: namespace === undefined ? users : serviceAccounts,
    ...(namespace !== undefined && { namespace }),
    name,
  })
}

function wantedUser({ headers, raw }: FastifyRequest): User | undefined {
  const asked = Object.keys(headers).filter((name) => name.startsWith('impersonate-'))
  if (asked.length === 0) return undefined
  const unknown = asked.find((name) => /^impersonate-(uid|extra-)/.test(name))
  if (unknown !== undefined) throw badRequest(`the header ${unknown} is not supported`)
  const name = headers['impersonate-user']
  const wanted = valuesOf(raw.rawHeaders, 'impersonate-group')
  if (typeof name === 'string' && name !== '') return { name, groups: wanted }
  if (wanted.length === 0) return undefined
  throw badRequest(`requested the groups ${wanted.join(', ')} without impersonating a user`)
}

/** All values of a header that may be repeated. */
const valuesOf = (rawHeaders: readonly string[], header: string): string[] =>
  rawHeaders.filter((_value, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === header)

/** The groups that such a user belongs to implicitly. */
function completed({ name, groups: wanted }: User): User {
  if (name === anonymous.name) return anonymous
  const { namespace } = accountName.exec(name)?.groups ?? {}
  const own = namespace === undefined || wanted.length > 0 ? wanted : accountGroups(namespace)
  return { name, groups: [...new Set([...own, 'system:authenticated'])] }
}
