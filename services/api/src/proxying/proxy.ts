import {
  endpointSlices,
  labelMapSelector,
  notFound,
  type Pod,
  pods,
  type Resource,
  serviceNameLabel,
  services,
} from '@reckon/kubernetes'
import { openStream } from '@reckon/node-plane'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { authorizeObjects } from '../requests/request-context.ts'
import { identityOf, nodeOf, podOf } from '../streams/streamed-pod.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { PodConnection } from './pod-connection.ts'
import { podPortsOf, portOfPod, proxiedName } from './proxied-place.ts'
import { proxyVerbs } from './proxy-verbs.ts'
import { relayRequest } from './relay-request.ts'

type Params = { namespace: string; name: string }
type ProxyRequest = FastifyRequest<{ Params: Params }>

type Context = { ports: ApiPorts; closing: AbortSignal }

/** A pod, one of its ports, and whether TLS is spoken there. */
type Target = { pod: Pod; port: number; isTls: boolean }

/** …/pods/{name}/proxy and …/services/{name}/proxy: HTTP requests to a port of a pod, through its node. */
export const proxy: FastifyPluginAsync<Context> = async (app, { ports, closing }) => {
  // The body is the backend's: it is not parsed here.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  const route = (resource: Resource, targetOf: (params: Params) => Promise<Target>) => {
    const url = `/api/v1/namespaces/:namespace/${resource.plural}/:name/proxy`
    for (const path of [url, `${url}/*`]) {
      app.route<{ Params: Params }>({
        method: Object.keys(proxyVerbs),
        url: path,
        exposeHeadRoute: false,
        handler: async (request, reply) => {
          const verb = proxyVerbs[request.method] ?? 'get'
          authorizeObjects(request, verb, { resource, subresource: 'proxy' })
          if (resource === services && isFormerDashboard(ports, request.params)) {
            return reply.redirect('/ui/', 302)
          }
          const target = await targetOf(request.params)
          const hasSlash = ownPart.exec(request.url)?.[2]?.startsWith('/')
          if (!hasSlash && verb === 'get' && !request.headers.upgrade) {
            return reply.redirect(withSlash(request.url), 301)
          }
          await proxied({ ports, closing }, { request, reply }, target)
          return reply
        },
      })
    }
  }
  route(pods, async ({ namespace, name }) => {
    const wanted = proxiedName(name, 'pod')
    const pod = await podOf(ports, { namespace, name: wanted.name })
    return { pod, port: portOfPod(pod, wanted), isTls: wanted.isTls }
  })
  route(services, async ({ namespace, name }) => {
    const { name: own, port: wanted, isTls } = proxiedName(name, 'service')
    await waitForVersion(ports, {})
    const service = ports.objects.get(services, namespace, own)?.object
    if (service === undefined) throw notFound(services, own)
    const labels = labelMapSelector({ [serviceNameLabel]: own })
    const slices = [...ports.objects.scan(endpointSlices, { namespace, labels })]
    const [first, ...more] = podPortsOf(
      service,
      slices.map(({ object }) => object),
      wanted,
    )
    const chosen = [first, ...more][ports.ids.below(more.length + 1)] ?? first
    return { pod: await podOf(ports, chosen.pod), port: chosen.port, isTls }
  })
}

/** The path at which tutorials expect the Kubernetes dashboard. If nobody installed one there, redirect to ours. */
function isFormerDashboard({ objects }: ApiPorts, { namespace, name }: Params): boolean {
  const own = name.split(':').length === 3 ? (name.split(':')[1] ?? '') : name
  return own === 'kubernetes-dashboard' && objects.get(services, namespace, own) === undefined
}

/** Redirects a path without a final slash, because relative links of the page would otherwise leave the proxy. */
function withSlash(url: string): string {
  const [path = '', query] = url.split('?', 2)
  return query === undefined ? `${path}/` : `${path}/?${query}`
}

async function proxied(
  { ports, closing }: Context,
  { request, reply }: { request: ProxyRequest; reply: FastifyReply },
  { pod, port, isTls }: Target,
): Promise<void> {
  const { clock, ids, streams: bus } = ports
  const asked = { type: 'PortForward', pod: identityOf(pod), port } as const
  const stream = await openStream({ bus, clock, ids }, nodeOf(pod), asked)
  const [, prefix = '', path = ''] = ownPart.exec(request.url) ?? []
  await relayRequest(request, reply, {
    closing,
    connection: new PodConnection(stream),
    isTls,
    host: `${pod.status?.podIP}:${port}`,
    prefix,
    path: path.startsWith('/') ? path : `/${path}`,
  })
}

/** Splits a path into the prefix that leads to the backend and the path at the backend. */
const ownPart = /^(\/api\/v1\/namespaces\/[^/]+\/[^/]+\/[^/]+\/proxy)(.*)$/
