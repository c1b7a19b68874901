import {
  badRequest,
  holds,
  isJsonObject,
  type Node,
  nodes,
  notFound,
  parseQuantity,
  pods,
} from '@reckon/kubernetes'
import { type PodSupposition, supposePod } from '@reckon/scheduling'
import type { FastifyPluginAsync } from 'fastify'
import { historyPath } from '../history/events.ts'
import type { Past } from '../past/past.ts'
import { historyGroup } from '../past/past-of-request.ts'
import { sendValue } from '../representation/answer.ts'
import { parsedJson, sentObject } from '../requests/request-body.ts'
import { authorizeObjects } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { type MomentPorts, withClusterAt } from './cluster-at.ts'
import { inSteps } from './in-steps.ts'
import { policiesAt } from './policies-at.ts'

type Route = { Params: { namespace: string; name: string } }

/**
 * POST …/pods/{name}/what-if?at=: where a pod of a moment would go if it were placed then, and where if it requested
 * something else or there were other nodes; with every node's verdict in both cases. Nothing is recorded.
 */
export const whatIf: FastifyPluginAsync<MomentPorts> = async (app, context) => {
  const path = `${historyPath}/namespaces/:namespace/pods/:name/what-if`
  const { log, clock } = context.ports
  app.post<Route>(path, async (request, reply) => {
    const ofHistory = { ...pods, group: historyGroup }
    authorizeObjects(request, 'get', { resource: ofHistory, subresource: 'why' })
    authorizeObjects(request, 'past', { resource: ofHistory })
    const sent = sentObject(request)
    const supposition = podSuppositionIn('text' in sent ? parsedJson(sent.text) : sent.value)
    const { namespace, name } = request.params
    const supposed = await withClusterAt(
      context,
      { request, reply },
      async ({ position, cluster }) => {
        const [then, signal] = [context.past.at(position), untilGone(reply)]
        const stored = await then.get(pods, namespace, name, signal)
        if (stored === undefined || !holds(pods, stored)) throw notFound(pods, name)
        const pod = stored.object
        const another = await nodeNamed(supposition.another, then, signal)
        const policies = await policiesAt(log, position)
        const known = { cluster, policies, ...(another && { another }) }
        const told = await inSteps(supposePod(pod, supposition, known), clock, signal)
        if (told === undefined) {
          throw badRequest(`no scheduler of this cluster is called ${pod.spec.schedulerName}`)
        }
        return { position: String(position), ...told }
      },
    )
    // Every node's verdict, twice.
    return sendValue({ reply, clock }, supposed)
  })
}

async function nodeNamed(
  name: string | undefined,
  then: ReturnType<Past['at']>,
  signal: AbortSignal,
): Promise<Node | undefined> {
  if (name === undefined) return undefined
  const stored = await then.get(nodes, '', name, signal)
  if (stored === undefined || !holds(nodes, stored)) throw notFound(nodes, name)
  return stored.object
}

/** 400 where an assumption is impossible. */
function podSuppositionIn(body: unknown): PodSupposition {
  const { requests, nodeSelector, without, another } = isJsonObject(body) ? body : {}
  const asked = requests === undefined ? undefined : textsIn('requests', requests)
  for (const text of Object.values(asked ?? {})) refuseAmount(text)
  if (another !== undefined && typeof another !== 'string') {
    throw badRequest('another: the name of a node')
  }
  return {
    ...(asked && { requests: asked }),
    ...(nodeSelector !== undefined && { nodeSelector: textsIn('nodeSelector', nodeSelector) }),
    ...(without !== undefined && { without: namesIn(without) }),
    ...(another && { another }),
  }
}

function namesIn(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  const names = all.flatMap((each) => (typeof each === 'string' ? [each] : []))
  if (!Array.isArray(value) || names.length !== all.length) {
    throw badRequest('without: names of nodes')
  }
  return names
}

function textsIn(field: string, value: unknown): Record<string, string> {
  const entries = isJsonObject(value) ? Object.entries(value) : undefined
  const texts = entries?.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : []))
  if (texts === undefined || texts.length !== entries?.length) {
    throw badRequest(`${field}: names with texts`)
  }
  return Object.fromEntries(texts)
}

function refuseAmount(text: string): void {
  if (parseQuantity(text).nanos < 0n) throw badRequest(`requests: "${text}" is less than nothing`)
}
