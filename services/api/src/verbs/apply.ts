import {
  type Application,
  apiVersionOf,
  appliedFirst,
  applyConfiguration,
  badRequest,
  checkConfiguration,
  decodeValue,
  fromHub,
  invalid,
  isJsonObject,
  type KubernetesObject,
  StatusError,
  schemaOf,
  secondsOf,
  toHub,
} from '@reckon/kubernetes'
import { type Apply, applyObject } from '@reckon/writing'
import type { FastifyReply } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import type { ObjectRequest, ServedResource } from '../requests/object-routes.ts'
import { parsedJson, textOf } from '../requests/request-body.ts'
import {
  authorizeObjects,
  isDryRun,
  isTrue,
  originOf,
  queryOf,
} from '../requests/request-context.ts'
import { parseYaml } from '../requests/yaml-body.ts'
import { preconditionsOf } from './changed-object.ts'
import { inNamespace, named, namedIfAtAll } from './named-by-path.ts'

/** PATCH with `application/apply-patch+yaml`: server-side apply. The object may not exist yet. */
export async function appliedObject(
  ports: ApiPorts,
  served: ServedResource,
  request: ObjectRequest,
  reply: FastifyReply,
): Promise<KubernetesObject> {
  const { resource, groupVersion, subresource } = served
  const { namespace = '', name } = request.params
  const sent = configurationOf(served, request)
  const configuration = namedIfAtAll(sent, name)
  const application = applicationOf(ports, { served, configuration, request })
  const { object, isNew } = await applyObject(ports, {
    target: { resource, namespace, name },
    origin: { ...originOf(request, 'apply'), statesManagers: true },
    preconditions: preconditionsOf(configuration),
    ...(subresource === 'status' && { subresource }),
    isDryRun: isDryRun(queryOf(request).dryRun),
    applied: (current) => {
      const live = fromHub(resource, groupVersion, current)
      return toHub(resource, applyConfiguration(resource, live, application))
    },
    created: () => {
      authorizeObjects(request, 'create', served)
      named(sent, name)
      refuseUid(served, configuration)
      return toHub(resource, appliedFirst(resource, application))
    },
  } satisfies Apply)
  if (isNew) reply.code(201)
  return fromHub(resource, groupVersion, object)
}

/** The applied configuration, with the namespace of its path. */
function configurationOf(
  { resource, groupVersion }: ServedResource,
  request: ObjectRequest,
): KubernetesObject {
  const value = appliedValue(request)
  refuseOtherType(value, { apiVersion: apiVersionOf(groupVersion), kind: resource.kind })
  const { object } = decodeValue(resource, groupVersion, { value, fieldValidation: 'Strict' })
  return inNamespace(object, request.params.namespace)
}

type Applied = { served: ServedResource; configuration: KubernetesObject; request: ObjectRequest }

function applicationOf(
  { clock }: ApiPorts,
  { served: { resource, groupVersion, subresource }, configuration, request }: Applied,
): Application {
  const applier = applierOf(request)
  const { namespace = '', name } = configuration.metadata
  const subject = `${namespace}/${name}; ${configuration.apiVersion}, Kind=${resource.kind}`
  checkConfiguration(schemaOf(groupVersion, resource), configuration, subject)
  const time = secondsOf(clock.now())
  return { ...applier, groupVersion, configuration, time, ...(subresource && { subresource }) }
}

/** The field manager, and whether it takes fields from other managers (`force`). */
export function applierOf(request: ObjectRequest): Pick<Application, 'manager' | 'force'> {
  const { fieldManager = '', force } = queryOf(request)
  if (fieldManager !== '') return { manager: fieldManager, force: isTrue(force) }
  throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
    {
      reason: 'FieldValueRequired',
      field: 'fieldManager',
      message: 'Required value: is required for apply patch',
    },
  ])
}

/** The applied configuration as sent; refused if it has managedFields, which are not the client's to write. */
export function appliedValue(request: ObjectRequest): unknown {
  const value = readable(textOf(request))
  if (isJsonObject(value) && isJsonObject(value.metadata) && value.metadata.managedFields) {
    throw badRequest('metadata.managedFields must be nil')
  }
  return value
}

/** Refuses a body without its apiVersion and kind, which apply requires. */
export function refuseOtherType(value: unknown, type: { apiVersion: string; kind: string }): void {
  if (!isJsonObject(value)) return
  const { apiVersion = '', kind = '' } = value
  if (apiVersion === type.apiVersion && kind === type.kind) return
  const said = String(apiVersion)
  throw badRequest(`invalid object type: ${said.includes('/') ? said : `/${said}`}, Kind=${kind}`)
}

/** Parses JSON as JSON, which is far quicker than as YAML. */
function readable(text: string): unknown {
  return text.trimStart().startsWith('{') ? parsedJson(text) : parseYaml(text)
}

function refuseUid({ resource }: ServedResource, { metadata }: KubernetesObject): void {
  if (!metadata.uid) return
  const { plural, group } = resource
  const id = group === '' ? plural : `${plural}.${group}`
  throw new StatusError(
    'Conflict',
    `Operation cannot be fulfilled on ${id} "${metadata.name}": uid mismatch: the provided object specified uid ${metadata.uid}, and no existing object was found`,
  )
}
