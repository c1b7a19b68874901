import {
  fromHub,
  invalid,
  invalidValue,
  type KubernetesObject,
  notSupported,
  type Resource,
  StatusError,
} from '@reckon/kubernetes'
import {
  type Deletion,
  deleteObject,
  isGone,
  type Preconditions,
  wouldDelete,
} from '@reckon/writing'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { ObjectsView } from '../history/shown-objects.ts'
import type { ApiPorts } from '../ports.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { plainObject } from '../requests/request-body.ts'
import {
  authorizeObjects,
  integerOf,
  isDryRun,
  isTrue,
  originOf,
  queryOf,
} from '../requests/request-context.ts'

type Context = { ports: ApiPorts; view: ObjectsView }

/** DELETE …/{name}: removes the object at once, or marks it for those who have to finish the deletion. */
export const del: FastifyPluginAsync<Context> = async (app, { ports, view }) => {
  const { resources } = ports.objects
  routeObjects(app, resources, { method: 'DELETE', shape: 'item' }, async (served, request) => {
    const { resource, groupVersion } = served
    authorizeObjects(request, 'delete', served)
    const { namespace = '', name } = request.params
    const target = { resource, namespace, name }
    const isComputed =
      ports.objects.get(resource, namespace, name) === undefined &&
      view.get(resource, namespace, name) !== undefined
    if (isComputed) throw notDeletable(resource, name)
    const origin = originOf(request, 'delete')
    const { dryRun, ...options } = deleteOptionsOf(request)
    const { object, isGone } = await deleted(ports, { target, origin, ...options }, dryRun)
    return isGone ? successOf(resource, object) : fromHub(resource, groupVersion, object)
  })
}

/** Refused for computed Events: a client that waits for the deletion would wait until the Event expires. */
const notDeletable = ({ plural }: Resource, name: string): StatusError =>
  new StatusError(
    'MethodNotAllowed',
    `${plural} ${JSON.stringify(name)} is computed from the log and cannot be deleted; it is forgotten an hour after it was last told`,
  )

/** Deletes an object, or answers what that would do (`dryRun`). */
export async function deleted(
  ports: ApiPorts,
  deletion: Deletion,
  dryRun: boolean,
): Promise<{ object: KubernetesObject; isGone: boolean }> {
  if (dryRun) return wouldDelete(ports, deletion)
  const written = await deleteObject(ports, deletion)
  return { object: written.stored.object, isGone: isGone(written) }
}

type DeleteOptions = Omit<Deletion, 'target' | 'origin'> & {
  preconditions: Preconditions
  dryRun: boolean
}

const policies = ['Background', 'Foreground', 'Orphan'] as const

/** The DeleteOptions from the body or, where it has none, from the query. */
export function deleteOptionsOf(request: FastifyRequest): DeleteOptions {
  const query = queryOf(request)
  const body = plainObject(request, 'DeleteOptions') ?? {}
  const grace = body.gracePeriodSeconds ?? integerOf(query, 'gracePeriodSeconds')
  const { uid, resourceVersion } = body.preconditions ?? {}
  const policy = policyOf({
    orphanDependents: body.orphanDependents ?? (isTrue(query.orphanDependents) || undefined),
    propagationPolicy: body.propagationPolicy ?? query.propagationPolicy,
  })
  return {
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
    ...(policy && { propagationPolicy: policy }),
    preconditions: { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) },
    dryRun: isDryRun(body.dryRun ?? query.dryRun),
  }
}

/** `orphanDependents` is the deprecated option, still sent by some clients. */
function policyOf({
  orphanDependents,
  propagationPolicy: asked = '',
}: {
  orphanDependents: boolean | undefined
  propagationPolicy: string | undefined
}) {
  const field = 'propagationPolicy'
  if (asked === '') return orphanDependents ? 'Orphan' : undefined
  const policy = policies.find((known) => known === asked)
  if (policy !== undefined && orphanDependents === undefined) return policy
  const both = 'orphanDependents and deletionPropagation cannot be both set'
  throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
    ...(orphanDependents === undefined ? [] : [invalidValue(field, asked, both)]),
    ...(policy === undefined ? [notSupported(field, asked, policies)] : []),
  ])
}

function successOf({ group, plural }: Resource, { metadata }: KubernetesObject): object {
  const { name, uid } = metadata
  const details = { name, ...(group !== '' && { group }), kind: plural, uid }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}
