import {
  badRequest,
  bindings,
  type FieldError,
  invalid,
  invalidValue,
  notSupported,
  type Options,
  pods,
  required,
  subdomainProblem,
} from '@reckon/kubernetes'
import { bindingOf, bindPod, wouldChange } from '@reckon/writing'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { plainObject } from '../requests/request-body.ts'
import { authorizeObjects, isDryRun, originOf, queryOf } from '../requests/request-context.ts'

type Route = { Params: { namespace: string; name: string } }

/**
 * POST …/pods/{name}/binding: how a scheduler other than Reckon's own assigns a pod to a node. POST …/bindings does the
 * same for the pod whose name the Binding bears.
 */
export const binding: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const inNamespace = '/api/v1/namespaces/:namespace'
  app.post<Route>(`${inNamespace}/pods/:name/binding`, async (request, reply) => {
    authorizeObjects(request, 'create', { resource: pods, subresource: 'binding' })
    const body = bindingIn(request)
    await carryOut(ports, request, { ...request.params, body })
    return reply.code(201).send(success)
  })
  app.post<Pick<Route, 'Params'>>(`${inNamespace}/bindings`, async (request, reply) => {
    authorizeObjects(request, 'create', { resource: bindings })
    const body = bindingIn(request)
    const { name = '' } = body.metadata ?? {}
    if (name === '') throw badRequest('metadata.name: Required value')
    await carryOut(ports, request, { namespace: request.params.namespace, name, body })
    return reply.code(201).send(success)
  })
}

const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }

const bindingIn = (request: FastifyRequest): Partial<Options['Binding']> =>
  plainObject(request, 'Binding') ?? {}

type BindingRequest = { namespace: string; name: string; body: Partial<Options['Binding']> }

async function carryOut(
  ports: ApiPorts,
  request: FastifyRequest,
  { namespace, name, body }: BindingRequest,
): Promise<void> {
  const { name: nodeName = '', kind = '' } = body.target ?? {}
  const errors = [...kindErrors(kind), ...nameErrors(nodeName)]
  if (errors.length > 0) throw invalid({ group: '', kind: 'Binding' }, name, errors)
  const { uid } = body.metadata ?? {}
  const pod = { namespace, name, ...(uid && { uid }) }
  const wanted = { pod, nodeName, origin: originOf(request, 'create') }
  if (isDryRun(queryOf(request).dryRun)) await wouldChange(ports, bindingOf(ports, wanted))
  else await bindPod(ports, wanted)
}

const kindErrors = (kind: string): FieldError[] =>
  kind === '' || kind === 'Node' ? [] : [notSupported('target.kind', kind, ['Node', '<empty>'])]

function nameErrors(nodeName: string): FieldError[] {
  const field = 'target.name'
  if (nodeName === '') return [required(field)]
  const problem = subdomainProblem(nodeName)
  return problem === '' ? [] : [invalidValue(field, nodeName, problem)]
}
