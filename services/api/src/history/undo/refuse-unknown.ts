import { badRequest, namespaces } from '@reckon/kubernetes'
import type { ApiPorts } from '../../ports.ts'
import { activityAfter, ofScopes, type Scope } from '../activity.ts'
import type { UndoSelection } from './undo-selection.ts'

type Ports = Pick<ApiPorts, 'log' | 'index' | 'objects' | 'clock'>

/**
 * Refuses with 400 a user who never requested a change, and a namespace that never had anything: most likely the name
 * is misspelt. For selections in which nothing was found, because it may search the whole log.
 */
export async function refuseUnknown(
  ports: Ports,
  selection: UndoSelection,
  signal: AbortSignal,
): Promise<void> {
  if ('user' in selection) {
    const { user } = selection
    if (await isInLog(ports, (scope) => scope.user === user, signal)) return
    throw badRequest(`user: no change in the log was requested by "${user}"`)
  }
  if ('namespace' in selection) {
    const { namespace } = selection
    if (ports.objects.get(namespaces, '', namespace)) return
    if (await isInLog(ports, (scope) => scope.namespace === namespace, signal)) return
    throw badRequest(`namespace: nothing in the log is in a namespace "${namespace}"`)
  }
}

async function isInLog(
  ports: Ports,
  isWanted: (scope: Scope) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const isOfThese = ofScopes(isWanted)
  for await (const page of activityAfter(ports, undefined)) {
    signal.throwIfAborted()
    for (let place = 0; place < page.count; place++) {
      if (isOfThese(page.scopeAt(place))) return true
    }
  }
  return false
}
