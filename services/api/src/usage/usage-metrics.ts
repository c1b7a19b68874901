import { MalformedMessages } from '@reckon/eventing'
import {
  apiVersionOf,
  type KubernetesObject,
  type Node,
  nodeMetrics,
  nodes,
  notFound,
  type Pod,
  podMetrics,
  pods,
  type Resource,
  StatusError,
} from '@reckon/kubernetes'
import { NodeUsages, nodeUsage } from '@reckon/node-plane'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { sendList } from '../representation/answer.ts'
import { encoded } from '../representation/encoded-objects.ts'
import { listAround } from '../representation/list-around.ts'
import type { ObjectParams, ObjectRequest } from '../requests/object-routes.ts'
import { authorizeObjects, isTrue, queryOf } from '../requests/request-context.ts'
import { selectionOf } from '../verbs/selection.ts'
import { nodeMetricsOf, podMetricsOf } from './shown-usage.ts'

type Route = { Params: ObjectParams }

/** The usage of one kind's objects; undefined for an object that no node has reported. */
type Shown<T extends KubernetesObject> = {
  of: Resource<T>
  as: Resource
  show(object: T): KubernetesObject | undefined
}

/**
 * GET of metrics.k8s.io: what nodes and pods use, by each node's last report. Selectors match the nodes and pods
 * themselves.
 */
export const usageMetrics: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const { bus, clock, logger, objects } = ports
  const usages = new NodeUsages(new MalformedMessages(logger))
  const end = bus.subscribe(nodeUsage('*'), (message) => usages.hear(message, clock.now()))
  app.addHook('onClose', async () => end())

  const ofNodes: Shown<Node> = {
    of: nodes,
    as: nodeMetrics,
    show: (node) => nodeMetricsOf(node, usages.of(node.metadata.name, clock.now())),
  }
  const ofPods: Shown<Pod> = {
    of: pods,
    as: podMetrics,
    show: (pod) => podMetricsOf(pod, usages.of(pod.spec.nodeName ?? '', clock.now())),
  }
  const list = <T extends KubernetesObject>(
    shown: Shown<T>,
    request: ObjectRequest,
    reply: FastifyReply,
  ) => {
    const query = queryOf(request)
    if (isTrue(query.watch)) throw noWatch
    authorizeObjects(request, 'list', { resource: shown.as })
    const { namespace } = request.params
    const { matches } = selectionOf(shown.of, query, namespace)
    const found = objects.list(shown.of, namespace).flatMap(({ object }) => {
      const read = matches(object) ? shown.show(object) : undefined
      return read === undefined ? [] : [{ object: read }]
    })
    return sendList({ reply, clock }, listOf(shown.as), {
      items: found,
      meta: { resourceVersion: '' },
    })
  }
  const get = <T extends KubernetesObject>(shown: Shown<T>, request: ObjectRequest) => {
    authorizeObjects(request, 'get', { resource: shown.as })
    const { namespace = '', name } = request.params
    const stored = objects.get(shown.of, namespace, name)
    const read = stored && shown.show(stored.object)
    if (read === undefined) throw notFound(shown.as, name)
    return read
  }
  app.get<Route>(`${root}/nodes`, (request, reply) => list(ofNodes, request, reply))
  app.get<Route>(`${root}/pods`, (request, reply) => list(ofPods, request, reply))
  const inNamespace = `${root}/namespaces/:namespace/pods`
  app.get<Route>(inNamespace, (request, reply) => list(ofPods, request, reply))
  app.get<Route>(`${root}/nodes/:name`, async (request) => get(ofNodes, request))
  app.get<Route>(`${inNamespace}/:name`, async (request) => get(ofPods, request))
}

const root = `/apis/${apiVersionOf(podMetrics)}`

const noWatch = new StatusError(
  'MethodNotAllowed',
  'what is used is told when it is asked for: it cannot be watched',
)

const listOf = (resource: Resource) => ({
  item: encoded,
  list: (metadata: object) =>
    listAround({ kind: resource.listKind, apiVersion: apiVersionOf(resource), metadata }, 'items'),
})
