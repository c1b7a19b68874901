import { badRequest, invalid } from '@reckon/kubernetes'
import type { Moment } from '../past/moment.ts'
import type { Query } from '../requests/request-context.ts'
import type { ContinueToken } from './continue-token.ts'
import { parseVersion } from './resource-version.ts'

/** Which state of the objects a list shows. */
export type ListedState =
  /** The newest: at least as new as a read with this resourceVersion must be. */
  | { is: 'newest'; resourceVersion: string | undefined }
  /** That of the list's first page, as long as it is in memory. */
  | { is: 'firstPage'; version: bigint }
  /** That of one version, however old. */
  | { is: 'exact'; version: bigint }

/** The state that a request describes by its parameters, by its continue token, or by the moment in its path. */
export function listedState(
  query: Query,
  token: ContinueToken | undefined,
  moment: Moment | undefined,
): ListedState {
  const exact = moment ? versionOf(moment, query, token) : exactVersion(query)
  if (token !== undefined && query.resourceVersion && query.resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue')
  }
  if (exact !== undefined) return { is: 'exact', version: exact }
  if (token === undefined) return { is: 'newest', resourceVersion: query.resourceVersion }
  if (token.version === undefined) return { is: 'newest', resourceVersion: undefined }
  return { is: token.exact ? 'exact' : 'firstPage', version: token.version }
}

function exactVersion({ resourceVersion = '', resourceVersionMatch }: Query): bigint | undefined {
  if (!resourceVersionMatch) return undefined
  if (resourceVersionMatch !== 'Exact' && resourceVersionMatch !== 'NotOlderThan') {
    throw refusedMatch(`Unsupported value: "${resourceVersionMatch}"`)
  }
  if (resourceVersion === '') throw refusedMatch('Forbidden: resourceVersion is not given')
  if (resourceVersionMatch === 'NotOlderThan') return undefined
  if (resourceVersion === '0') throw refusedMatch('Forbidden: "Exact" is not allowed with "0"')
  return parseVersion(resourceVersion)
}

/** The version of the request's moment; a version named elsewhere in the request must equal it. */
function versionOf({ position }: Moment, query: Query, token: ContinueToken | undefined): bigint {
  const named = token ? (token.version ?? 0n) : exactVersion(query)
  if (named === undefined || named === position) return position
  throw badRequest(`resourceVersion: the path says ${position}`)
}

const refusedMatch = (message: string) =>
  invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    { reason: 'FieldValueInvalid', field: 'resourceVersionMatch', message },
  ])
