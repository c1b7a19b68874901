import { badRequest, nodes, notFound, StatusError } from '@reckon/kubernetes'
import { type NodeQuestion, openStream } from '@reckon/node-plane'
import { exposedType } from '@reckon/process'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { authorizeObjects } from '../requests/request-context.ts'
import { sendText } from '../streams/send-text.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { proxyVerbs } from './proxy-verbs.ts'

type Params = { name: string; '*'?: string }
type Context = { ports: ApiPorts; closing: AbortSignal }

/** Which of a kubelet's paths are served, and in which form. */
const served: ReadonlyMap<string, { question: NodeQuestion; type: string }> = new Map([
  ['healthz', { question: 'healthz', type: 'text/plain; charset=utf-8' }],
  ['metrics', { question: 'metrics', type: exposedType }],
  ['metrics/cadvisor', { question: 'cadvisor', type: exposedType }],
  ['metrics/resource', { question: 'resource', type: exposedType }],
  ['pods', { question: 'pods', type: 'application/json' }],
])

/**
 * …/nodes/{name}/proxy/…: what a node reports of itself, through the node plane. Whatever else a kubelet serves is
 * refused by name.
 */
export const nodeProxy: FastifyPluginAsync<Context> = async (app, { ports, closing }) => {
  const url = '/api/v1/nodes/:name/proxy'
  for (const path of [url, `${url}/*`]) {
    app.route<{ Params: Params }>({
      method: Object.keys(proxyVerbs),
      url: path,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const verb = proxyVerbs[request.method] ?? 'get'
        authorizeObjects(request, verb, { resource: nodes, subresource: 'proxy' })
        const { name, '*': below = '' } = request.params
        if (name.includes(':')) throw badRequest('ports of nodes are not reached by nodes/proxy')
        await waitForVersion(ports, {})
        if (ports.objects.get(nodes, '', name) === undefined) throw notFound(nodes, name)
        const found = served.get(below.replace(/\/$/, ''))
        if (found === undefined) {
          throw new StatusError('NotFound', `nodes/proxy of this server has no path "/${below}"`)
        }
        if (request.method !== 'GET') {
          const what = `nodes/proxy of this server does not ${verb} "/${below}"`
          throw new StatusError('MethodNotAllowed', what)
        }
        const asked = { type: 'Node', question: found.question } as const
        const stream = await openStream({ ...ports, bus: ports.streams }, name, asked)
        await sendText(reply, stream, { requestId: request.id, closing, type: found.type })
      },
    })
  }
}
