import { schedulerConfiguredIn, schedulerStream, streamOf } from '@reckon/domain'
import type { EventLog, RecordedEvent } from '@reckon/eventing'
import { nodes, notFound, type Pod, pods } from '@reckon/kubernetes'
import {
  type Advice,
  advise,
  clusterStateIn,
  defaultPolicies,
  explainPod,
  NamedPolicies,
  notRunningIn,
  type Policies,
  policiesOf,
  type Recomputed,
  recompute,
  recordedDecision,
  type WhyNot,
  whyNot,
} from '@reckon/scheduling'
import type { FastifyPluginAsync } from 'fastify'
import type { Past } from '../past/past.ts'
import { untilGone } from '../past/past-of-request.ts'
import type { ApiPorts } from '../ports.ts'
import { authorizeObjects, isTrue, queryOf } from '../requests/request-context.ts'
import { historyPath } from './events.ts'
import { seenBy } from './seen-by-decision.ts'

type Route = { Params: { namespace: string; name: string } }

/**
 * GET …/pods/{name}/why: every decision about a pod, also of one that is deleted, from its stream; of one that waits what would
 * help. `node=` asks why it is not there, `all=true` for every node's verdict where only a digest of them is recorded.
 */
export const why: FastifyPluginAsync<{ ports: ApiPorts; past: Past }> = async (
  app,
  { ports, past },
) => {
  app.get<Route>(`${historyPath}/namespaces/:namespace/pods/:name/why`, async (request, reply) => {
    const ofHistory = { ...pods, group: 'history.reckon.dev' }
    authorizeObjects(request, 'get', { resource: ofHistory, subresource: 'why' })
    const { namespace, name } = request.params
    const { node, all } = queryOf(request)
    const stream = streamOf(pods, namespace, name)
    const events = await Array.fromAsync(ports.log.readStream(stream))
    if (events.length === 0) throw notFound(pods, name)
    const told = explainPod(events)
    const pod = ports.objects.get(pods, namespace, name)?.object
    const signal = untilGone(reply)
    const notRunning = pod ? notRunningIn(pod) : []
    return {
      ...told,
      ...(notRunning.length > 0 && { notRunning }),
      ...(pod && !pod.spec.nodeName && { advice: await adviceFor(pod, ports) }),
      ...(node !== undefined && { whyNot: await whyNotThere(pod, node, { ports, name }) }),
      ...(isTrue(all) && {
        all: await allVerdicts(events, request.params, { log: ports.log, past, signal }),
      }),
    }
  })
}

async function adviceFor(pod: Pod, { log, objects }: ApiPorts): Promise<Advice> {
  const podNamed = (namespace: string, name: string) => objects.get(pods, namespace, name)?.object
  const cluster = clusterStateIn(objects)
  return advise(pod, { cluster, policies: await currentPolicies(log), podNamed })
}

async function whyNotThere(
  pod: Pod | undefined,
  node: string,
  { ports: { log, objects }, name }: { ports: ApiPorts; name: string },
): Promise<WhyNot | undefined> {
  if (pod === undefined) throw notFound(pods, name)
  if (objects.get(nodes, '', node) === undefined) throw notFound(nodes, node)
  const policies = await currentPolicies(log)
  return whyNot(pod, node, { cluster: clusterStateIn(objects), policies })
}

async function currentPolicies(log: EventLog): Promise<Policies> {
  const newest = { direction: 'backwards', limit: 1 } as const
  const [last] = await Array.fromAsync(log.readStream(schedulerStream, newest))
  const configuration = last && schedulerConfiguredIn(last).configuration
  return configuration ? policiesOf(configuration) : defaultPolicies
}

type Context = Parameters<typeof seenBy>[2]

/** Of the last decision about the pod whose events these are; undefined where its state cannot be had any more. */
async function allVerdicts(
  events: readonly RecordedEvent[],
  pod: Route['Params'],
  context: Context,
): Promise<Recomputed | undefined> {
  const recorded = events.flatMap((event) => recordedDecision(event) ?? []).at(-1)
  if (recorded === undefined) return undefined
  const named = new NamedPolicies()
  for await (const event of context.log.readStream(schedulerStream)) named.note(event)
  const policy = named.named(recorded.decision.policy)
  const seen = await seenBy(recorded.decision, pod, context)
  return policy && seen && recompute(recorded, { ...seen, policy })
}
