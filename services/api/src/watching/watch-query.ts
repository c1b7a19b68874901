import { invalid } from '@reckon/kubernetes'
import { isTrue, type Query } from '../requests/request-context.ts'
import { parseVersion } from '../verbs/resource-version.ts'

/** Whether a watch begins with the existing objects. */
export const isInitial = ({ sendInitialEvents, resourceVersion = '' }: Query): boolean =>
  sendInitialEvents === undefined
    ? resourceVersion === '' || resourceVersion === '0'
    : isTrue(sendInitialEvents)

/** The position after which a watch without initial objects begins. */
export const startOf = ({ resourceVersion }: Query, position: bigint): bigint =>
  resourceVersion && resourceVersion !== '0' ? parseVersion(resourceVersion) : position

/** Refuses invalid watch parameters, as upstream does. */
export function checkWatchQuery({ sendInitialEvents, resourceVersionMatch }: Query): void {
  const refused = (field: string, why: string) =>
    invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
      { reason: 'FieldValueForbidden', field, message: `Forbidden: ${why}` },
    ])
  if (sendInitialEvents !== undefined && resourceVersionMatch !== 'NotOlderThan') {
    const why = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'
    throw refused('resourceVersionMatch', why)
  }
  if (sendInitialEvents === undefined && resourceVersionMatch) {
    const why = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'
    throw refused('resourceVersionMatch', why)
  }
}
