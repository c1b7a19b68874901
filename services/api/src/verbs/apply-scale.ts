import {
  apiVersionOf,
  applyConfiguration,
  decodeOptions,
  isDeepEqual,
  type KubernetesObject,
  notFound,
  type Resource,
  type Scale,
  secondsOf,
} from '@reckon/kubernetes'
import { applyObject } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'
import type { ObjectRequest, ServedResource } from '../requests/object-routes.ts'
import { isDryRun, originOf, queryOf } from '../requests/request-context.ts'
import { appliedValue, applierOf, refuseOtherType } from './apply.ts'
import { preconditionsOf } from './changed-object.ts'
import { inNamespace, namedIfAtAll } from './named-by-path.ts'
import { scaledBy, scaleOf } from './scale-of.ts'

/**
 * PATCH …/scale with `application/apply-patch+yaml`: the number of replicas that a manager wants of an existing object.
 */
export async function appliedScale(
  ports: ApiPorts,
  { resource }: ServedResource,
  request: ObjectRequest,
): Promise<KubernetesObject> {
  const { namespace = '', name } = request.params
  const { group, version, kind } = resource
  const wanted = scaleOfRequest(request)
  const metadata = { name, ...(namespace && { namespace }) }
  const nothing = { apiVersion: apiVersionOf({ group, version }), kind, metadata }
  // Without a number the manager gives up the field. As upstream, replicas become 0 if it was the
  // field's only manager.
  const isNumbered = wanted.spec?.replicas !== undefined
  const application = {
    ...applierOf(request),
    groupVersion: { group, version },
    configuration: isNumbered ? scaledBy(resource, nothing, wanted) : nothing,
    time: secondsOf(ports.clock.now()),
    subresource: 'scale',
  }
  const { object } = await applyObject(ports, {
    target: { resource, namespace, name },
    origin: { ...originOf(request, 'apply'), statesManagers: true },
    preconditions: preconditionsOf(wanted),
    subresource: 'scale',
    isDryRun: isDryRun(queryOf(request).dryRun),
    applied: (current) => {
      const after = applyConfiguration(resource, current, application)
      if (isNumbered || hasSameNumber(resource, current, after)) return after
      return scaledBy(resource, after, { spec: { replicas: 0 } })
    },
    created: () => {
      throw notFound(resource, name)
    },
  })
  return scaleOf(resource, object)
}

/** Whether an object itself declares this number of replicas, rather than getting it by default. */
function hasSameNumber(
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
): boolean {
  const replicas = resource.replicas?.(before)
  if (replicas === undefined) return true
  return isDeepEqual(after, scaledBy(resource, after, { spec: { replicas: replicas.wanted } }))
}

/** The applied Scale; refused if it is of another kind, or of another object. */
function scaleOfRequest(request: ObjectRequest): Partial<Scale> {
  const value = appliedValue(request)
  const type = { apiVersion: 'autoscaling/v1', kind: 'Scale' }
  refuseOtherType(value, type)
  const scale = decodeOptions('Scale', value)
  const { name = '', namespace } = scale.metadata ?? {}
  const metadata = { name, ...(namespace && { namespace }) }
  namedIfAtAll(inNamespace({ ...type, metadata }, request.params.namespace), request.params.name)
  return scale
}
