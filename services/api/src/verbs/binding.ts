import { invalid, invalidValue, pods, required, subdomainProblem } from '@reckon/kubernetes'
import { bindingOf, bindPod, wouldChange } from '@reckon/writing'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { plainObject } from '../requests/request-body.ts'
import { authorizeObjects, isDryRun, originOf, queryOf } from '../requests/request-context.ts'

type Route = { Params: { namespace: string; name: string } }

/** POST …/pods/{name}/binding: how a scheduler that is not Reckon's own assigns a pod to a node. */
export const binding: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const resource = pods
  app.post<Route>('/api/v1/namespaces/:namespace/pods/:name/binding', async (request, reply) => {
    authorizeObjects(request, 'create', { resource, subresource: 'binding' })
    const body = plainObject(request, 'Binding') ?? {}
    const { name = '' } = body.target ?? {}
    const problem = name === '' ? '' : subdomainProblem(name)
    if (name === '' || problem !== '') {
      const field = 'target.name'
      const finding = name === '' ? required(field) : invalidValue(field, name, problem)
      throw invalid({ group: '', kind: 'Binding' }, request.params.name, [finding])
    }
    const { uid } = body.metadata ?? {}
    const ref = { ...request.params, ...(uid && { uid }) }
    const wanted = { pod: ref, nodeName: name, origin: originOf(request, 'create') }
    if (isDryRun(queryOf(request).dryRun)) await wouldChange(ports, bindingOf(ports, wanted))
    else await bindPod(ports, wanted)
    reply.code(201)
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
  })
}
