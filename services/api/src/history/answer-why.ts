import { eventTypes, type Objects, schedulerStream, streamOf } from '@reckon/domain'
import type { EventLog, RecordedEvent } from '@reckon/eventing'
import { nodes, notFound, type Pod, pods } from '@reckon/kubernetes'
import {
  type Advice,
  advise,
  clusterStateIn,
  explainPod,
  failureOf,
  NamedPolicies,
  notRunningIn,
  type Recomputed,
  recompute,
  recordedDecision,
  type WhyNot,
  whyNot,
} from '@reckon/scheduling'
import type { Past } from '../past/past.ts'
import { policiesAt } from './policies-at.ts'
import { seenBy } from './seen-by-decision.ts'

type WhyPorts = { log: EventLog; objects: Objects; past: Past }

type WhyQuestion = {
  namespace: string
  name: string
  /** Also why it is not there. */
  node?: string | undefined
  /** Also every node's verdict, computed again where only a digest is recorded. */
  all?: boolean
  /** Not of what bore the name before. */
  isOfNow?: boolean
}

/**
 * Why a pod is where it is, from its stream; of one that waits what would help. Refuses with `NotFound` a pod that
 * never was.
 */
export async function answerWhy(
  ports: WhyPorts,
  { namespace, name, node, all = false, isOfNow = false }: WhyQuestion,
  signal: AbortSignal,
) {
  const { log, objects, past } = ports
  const recorded = await Array.fromAsync(log.readStream(streamOf(pods, namespace, name)))
  const events = isOfNow ? sinceCreation(recorded) : recorded
  if (events.length === 0) throw notFound(pods, name)
  const told = explainPod(events)
  const pod = objects.get(pods, namespace, name)?.object
  if (node !== undefined && pod === undefined) throw notFound(pods, name)
  const notRunning = pod ? notRunningIn(pod) : []
  const failure = pod && failureOf(pod)
  return {
    ...told,
    ...(notRunning.length > 0 && { notRunning }),
    ...(failure && { failure }),
    ...(pod && !pod.spec.nodeName && { advice: await adviceFor(pod, ports) }),
    ...(pod && node !== undefined && { whyNot: await whyNotThere(pod, node, ports) }),
    ...(all && { all: await allVerdicts(events, { namespace, name }, { log, past, signal }) }),
  }
}

function sinceCreation(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const { created } = eventTypes(pods.kind)
  return events.slice(
    Math.max(
      0,
      events.findLastIndex(({ type }) => type === created),
    ),
  )
}

async function adviceFor(pod: Pod, { log, objects }: WhyPorts): Promise<Advice> {
  const podNamed = (namespace: string, name: string) => objects.get(pods, namespace, name)?.object
  const cluster = clusterStateIn(objects)
  return advise(pod, { cluster, policies: await policiesAt(log), podNamed })
}

async function whyNotThere(
  pod: Pod,
  node: string,
  { log, objects }: WhyPorts,
): Promise<WhyNot | undefined> {
  if (objects.get(nodes, '', node) === undefined) throw notFound(nodes, node)
  const policies = await policiesAt(log)
  return whyNot(pod, node, { cluster: clusterStateIn(objects), policies })
}

/** Of the last decision about the pod whose events these are; undefined where its state cannot be had any more. */
async function allVerdicts(
  events: readonly RecordedEvent[],
  pod: Pick<WhyQuestion, 'namespace' | 'name'>,
  context: Parameters<typeof seenBy>[2],
): Promise<Recomputed | undefined> {
  const recorded = events.flatMap((event) => recordedDecision(event) ?? []).at(-1)
  if (recorded === undefined) return undefined
  const named = new NamedPolicies()
  for await (const event of context.log.readStream(schedulerStream)) named.note(event)
  const policy = named.named(recorded.decision.policy)
  const seen = await seenBy(recorded.decision, pod, context)
  return policy && seen && recompute(recorded, { ...seen, policy })
}
