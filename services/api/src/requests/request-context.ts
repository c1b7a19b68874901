import type { Origin } from '@reckon/domain'
import { badRequest, invalid, isJsonObject, namespaces, type Resource } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import type { ObjectParams } from './object-routes.ts'
import { checkOptions } from './write-options.ts'

/** A query's parameters; of a repeated one the first counts. */
export type Query = Readonly<Record<string, string | undefined>>

/** The query of a request, one value for each parameter. */
export function queryOf(request: FastifyRequest): Query {
  const query = isJsonObject(request.query) ? request.query : {}
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value
      return typeof first === 'string' ? [[name, first]] : []
    }),
  )
}

/** Every value of a parameter that may come several times. */
export function valuesOf(request: FastifyRequest, name: string): readonly string[] {
  const value: unknown = isJsonObject(request.query) ? request.query[name] : undefined
  return [value].flat().filter((each) => typeof each === 'string')
}

/** Whether a query's parameter says yes: as upstream, whatever is there does that is not a no. */
export const isTrue = (value: string | undefined): boolean =>
  value !== undefined && value !== '0' && value.toLowerCase() !== 'false'

/** A parameter that has to be a whole number, not negative; refused with 400 if it is something else. */
export function integerOf(query: Query, name: string): number | undefined {
  const text = query[name]
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,15}$/.test(text)) {
    throw badRequest(
      `unable to decode query: ${name}: invalid value "${text}", want a whole number`,
    )
  }
  return Number(text)
}

/** A parameter of a list or a watch that upstream reads as an int64: refused with 400, in its words, if it is none. */
export function int64Of(query: Query, name: string): number | undefined {
  const text = query[name]
  if (text === undefined) return undefined
  const refused = (why: string) =>
    badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`)
  if (!/^[+-]?\d+$/.test(text)) throw refused('invalid syntax')
  const value = BigInt(text.replace('+', ''))
  if (BigInt.asIntN(64, value) !== value) throw refused('value out of range')
  return Number(value)
}

/** `dryRun=All`: go through everything, record nothing. Any other value is refused. */
export function isDryRun(dryRun: string | readonly string[] | undefined): boolean {
  const values = dryRun === undefined || dryRun === '' ? [] : [dryRun].flat()
  if (values.every((value) => value === 'All')) return values.length > 0
  throw invalid({ group: 'meta.k8s.io', kind: 'CreateOptions' }, '', [
    {
      reason: 'FieldValueNotSupported',
      field: 'dryRun',
      message: `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`,
    },
  ])
}

/** Refuses what the user of the request may not do to the objects that its path names. */
export function authorizeObjects(
  request: FastifyRequest<{ Params: Partial<ObjectParams> }>,
  verb: string,
  about: { resource: Resource; subresource?: string },
): void {
  const params = request.params
  // A Namespace is in itself, as upstream: a Role in it may let somebody read it.
  const isNamespace = about.resource === namespaces && params.name !== undefined
  const namespace = isNamespace ? params.name : params.namespace
  request.authorize({ verb, ...about, ...params, ...(namespace && { namespace }) })
}

/**
 * Refuses with 403 whose user may not read, or what else the verb says, the path of the request, which is no object's.
 */
export function authorizePath(request: FastifyRequest, verb = 'get'): void {
  request.authorize({ verb, path: request.url.split('?')[0] ?? '' })
}

/**
 * Where a write that this request asks for comes from; refused where its options are none. Its correlation is the
 * answer's Audit-Id.
 */
export function originOf(request: FastifyRequest, verb: string): Origin {
  const { user } = request
  const client = request.headers['user-agent']
  const query = queryOf(request)
  checkOptions(request, query)
  const { fieldManager: named } = query
  return {
    actor: {
      user: user.name,
      groups: user.groups,
      ...(client === undefined ? {} : { client }),
      ...(user.impersonator === undefined ? {} : { impersonator: user.impersonator }),
    },
    verb,
    correlationId: request.id,
    // Unnamed, a manager is called by the first word of the client's name, as upstream does.
    ...(named || client
      ? { fieldManager: named || (client ?? '').split('/')[0] || 'unknown' }
      : {}),
  }
}
