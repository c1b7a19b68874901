import { fromHub, type KubernetesObject } from '@reckon/kubernetes'
import { type ChangeOptions, changeObject } from '@reckon/writing'
import type { FastifyRequest } from 'fastify'
import type { ApiPorts } from './ports.ts'
import { isDryRun, originOf, queryOf } from './request-context.ts'
import type { ObjectParams, ServedResource } from './served-resources.ts'

type Change = {
  served: ServedResource
  request: FastifyRequest
  verb: 'update' | 'patch'
  options?: ChangeOptions
  /** Called with the object in its stored version; again when another writer was first. */
  change: (current: KubernetesObject) => KubernetesObject
}

/** Changes the object that a request's path names, and answers it in the path's version. */
export async function changedObject(
  ports: ApiPorts,
  { served, request, verb, options, change }: Change,
): Promise<KubernetesObject> {
  const { resource, groupVersion } = served
  const { namespace = '', name } = request.params as ObjectParams
  const stored = await changeObject(
    ports,
    { resource, namespace, name },
    change,
    originOf(request, verb),
    { ...options, dryRun: isDryRun(queryOf(request).dryRun) },
  )
  const { metadata } = stored.object
  // What a dry run makes is of no version yet; clients compare it with the one that is there.
  const resourceVersion = metadata.resourceVersion ?? String(stored.position)
  return fromHub(resource, groupVersion, {
    ...stored.object,
    metadata: { ...metadata, resourceVersion },
  })
}

/** What must hold of the stored object so that this one may take its place. */
export function preconditionsOf({ metadata }: KubernetesObject): ChangeOptions {
  const { uid, resourceVersion } = metadata
  return { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) }
}
