import type { Origin } from '@reckon/domain'
import { badRequest, invalid, isJsonObject, namespaces, type Resource } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import type { ObjectParams } from './object-routes.ts'
import { checkOptions } from './write-options.ts'

/** The parameters of a query; of a repeated one the first counts. */
export type Query = Readonly<Record<string, string | undefined>>

/** The query of a request, with one value for each parameter. */
export function queryOf(request: FastifyRequest): Query {
  const query = isJsonObject(request.query) ? request.query : {}
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value
      return typeof first === 'string' ? [[name, first]] : []
    }),
  )
}

/** All values of a parameter that may be repeated. */
export function valuesOf(request: FastifyRequest, name: string): readonly string[] {
  const value: unknown = isJsonObject(request.query) ? request.query[name] : undefined
  return [value].flat().filter((each) => typeof each === 'string')
}

/** Whether a boolean parameter is true: as upstream, any value but `false` and `0` is. */
export const isTrue = (value: string | undefined): boolean =>
  value !== undefined && value !== '0' && value.toLowerCase() !== 'false'

/** A parameter that must be a non-negative integer; refused with 400 otherwise. */
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

/** A parameter of a list or watch that upstream parses as int64; otherwise refused with 400, in its words. */
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

/** Whether the request is a dry run (`dryRun=All`), which records nothing. Any other value is refused. */
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

/** Refuses the request if its user may not do this to the objects that its path names. */
export function authorizeObjects(
  request: FastifyRequest<{ Params: Partial<ObjectParams> }>,
  verb: string,
  about: { resource: Resource; subresource?: string },
): void {
  const params = request.params
  // As upstream, a Namespace counts as being in itself: a Role in it may allow reading it.
  const isNamespace = about.resource === namespaces && params.name !== undefined
  const namespace = isNamespace ? params.name : params.namespace
  request.authorize({ verb, ...about, ...params, ...(namespace && { namespace }) })
}

/** Refuses with 403 if the user may not use this verb on the request's path, which is not that of an object. */
export function authorizePath(request: FastifyRequest, verb = 'get'): void {
  request.authorize({ verb, path: request.url.split('?')[0] ?? '' })
}

/**
 * The origin of a write that this request asks for; refused where its options are invalid. Its correlation id is the
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
    // As upstream, an unnamed field manager gets the first word of the User-Agent.
    ...(named || client
      ? { fieldManager: named || (client ?? '').split('/')[0] || 'unknown' }
      : {}),
  }
}
