import { badRequest } from '@reckon/kubernetes'
import { type NamedMoment, namedMoment, notMoment, writtenMoment } from '../past/named-moment.ts'
import { parseVersion } from '../verbs/resource-version.ts'

/** A parameter of a request and its value. */
export type Parameter = { name: string; text: string }

/**
 * The moment that a parameter names, in the same forms as below `/at/`. Refused with 400 where it is malformed, with
 * 410 where it is beyond any log.
 */
export const askedMoment = (parameter: Parameter, nowMs: number): NamedMoment =>
  checked(parameter, namedMoment(parameter.text, nowMs))

/** As `askedMoment`, for a search: it may be in the future, because writers' clocks differ. */
export const askedBound = (parameter: Parameter, nowMs: number): NamedMoment =>
  checked(parameter, writtenMoment(parameter.text, nowMs))

function checked({ name, text }: Parameter, named: NamedMoment | undefined): NamedMoment {
  if (named === undefined) throw badRequest(notMoment(name, text))
  if ('position' in named) parseVersion(named.position.toString())
  return named
}
