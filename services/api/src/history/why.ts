import { streamOf } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { notFound, pods } from '@reckon/kubernetes'
import { explainPod } from '@reckon/scheduling'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { authorizeObjects } from '../requests/request-context.ts'
import { historyPath } from './events.ts'

type Route = { Params: { namespace: string; name: string } }

/** GET …/pods/{name}/why: every decision about a pod, also of one that is deleted, from its stream. */
export const why: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const resource = pods
  app.get<Route>(`${historyPath}/namespaces/:namespace/pods/:name/why`, async (request) => {
    const ofHistory = { ...resource, group: 'history.reckon.dev' }
    authorizeObjects(request, 'get', { resource: ofHistory, subresource: 'why' })
    const { namespace, name } = request.params
    const events: RecordedEvent[] = []
    const stream = streamOf(resource, namespace, name)
    for await (const event of ports.log.readStream(stream)) events.push(event)
    if (events.length === 0) throw notFound(resource, name)
    return explainPod(events)
  })
}
