import { fromHub, type KubernetesObject } from '@reckon/kubernetes'
import { type Change, changeObject, type Preconditions, wouldChange } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'
import type { ObjectRequest, ServedResource } from '../requests/object-routes.ts'
import { isDryRun, originOf, queryOf } from '../requests/request-context.ts'

/** How to change the object; `change` receives it in its stored version. */
type ChangeRequest = Pick<Change, 'change' | 'preconditions' | 'subresource'> & {
  served: ServedResource
  request: ObjectRequest
  verb: 'update' | 'patch'
}

/** Changes the object that the request's path names, and answers with it in the path's version. */
export async function changedObject(
  ports: ApiPorts,
  { served, request, verb, ...asked }: ChangeRequest,
): Promise<KubernetesObject> {
  const { resource, groupVersion } = served
  const { namespace = '', name } = request.params
  const target = { resource, namespace, name }
  const change: Change = { ...asked, target, origin: originOf(request, verb) }
  const object = isDryRun(queryOf(request).dryRun)
    ? (await wouldChange(ports, change)).object
    : (await changeObject(ports, change)).stored.object
  return fromHub(resource, groupVersion, object)
}

type Versioned = { metadata?: { uid?: string; resourceVersion?: string } }

/** The preconditions under which this object may replace the stored one; as upstream, version 0 means any. */
export function preconditionsOf({ metadata = {} }: Versioned): Preconditions {
  const { uid, resourceVersion } = metadata
  const isNamed = resourceVersion && resourceVersion !== '0'
  return { ...(uid && { uid }), ...(isNamed && { resourceVersion }) }
}
