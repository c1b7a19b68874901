import {
  apiVersionOf,
  applyConfiguration,
  decodeOptions,
  type KubernetesObject,
  notFound,
  secondsOf,
} from '@reckon/kubernetes'
import { applyObject } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'
import type { ObjectRequest, ServedResource } from '../requests/object-routes.ts'
import { isDryRun, originOf, queryOf } from '../requests/request-context.ts'
import { appliedValue, applierOf } from './apply.ts'
import { preconditionsOf } from './changed-object.ts'
import { scaledBy, scaleOf } from './scale-of.ts'

/** PATCH …/scale as `application/apply-patch+yaml`: how many replicas a manager wants of an object that is there. */
export async function appliedScale(
  ports: ApiPorts,
  { resource }: ServedResource,
  request: ObjectRequest,
): Promise<KubernetesObject> {
  const { namespace = '', name } = request.params
  const { group, version, kind } = resource
  const wanted = decodeOptions('Scale', appliedValue(request))
  const metadata = { name, ...(namespace && { namespace }) }
  const nothing = { apiVersion: apiVersionOf({ group, version }), kind, metadata }
  // Who names no number wants none in particular.
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
    applied: (current) => applyConfiguration(resource, current, application),
    created: () => {
      throw notFound(resource, name)
    },
  })
  return scaleOf(resource, object)
}
