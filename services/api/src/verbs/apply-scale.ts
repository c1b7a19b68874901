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

/** PATCH …/scale as `application/apply-patch+yaml`: how many replicas a manager wants of an object that is there. */
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
  // Who names no number wants none in particular; if it was the only one who had, none is left, as upstream.
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

/** Whether an object says itself as many replicas as there were to be before; what is left out would be filled in. */
function hasSameNumber(
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
): boolean {
  const replicas = resource.replicas?.(before)
  if (replicas === undefined) return true
  return isDeepEqual(after, scaledBy(resource, after, { spec: { replicas: replicas.wanted } }))
}

/** The Scale that is applied; refused where it is of another kind, or another object's. */
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
