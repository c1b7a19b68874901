import { eventTypes, type Objects, schedulerStream, streamOf } from '@reckon/domain'
import type { Clock, EventLog, RecordedEvent } from '@reckon/eventing'
import { nodes, notFound, type Pod, pods } from '@reckon/kubernetes'
import {
  type Advice,
  advise,
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
import { inSteps } from './in-steps.ts'
import { policiesAt } from './policies-at.ts'
import type { PresentCluster } from './present-cluster.ts'
import { seenBy } from './seen-by-decision.ts'

type WhyPorts = {
  log: EventLog
  clock: Clock
  objects: Objects
  past: Past
  present: PresentCluster
}

type WhyQuestion = {
  namespace: string
  name: string
  /** Also explain why it is not on this node. */
  node?: string | undefined
  /** Also return every node's verdict, computed again if only a digest is recorded. */
  all?: boolean
  /** Only about the present pod of that name, not earlier ones. */
  isOfNow?: boolean
}

/**
 * Explains why a pod is where it is, from its stream; for a pending pod also what would help. Refuses with `NotFound` a
 * pod that never existed.
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
  const advice = pod && !pod.spec.nodeName && (await adviceFor({ pod, signal }, ports))
  return {
    ...told,
    ...(notRunning.length > 0 && { notRunning }),
    ...(failure && { failure }),
    ...(advice && { advice }),
    ...(pod && node !== undefined && { whyNot: await whyNotThere(node, { pod, signal }, ports) }),
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

type Asked = { pod: Pod; signal: AbortSignal }

/** Undefined if it is no longer pending when its turn comes. */
async function adviceFor(
  { pod: { metadata }, signal }: Asked,
  { log, clock, objects, present }: WhyPorts,
): Promise<Advice | undefined> {
  const podNamed = (namespace: string, name: string) => objects.get(pods, namespace, name)?.object
  const policies = await policiesAt(log)
  return present.use(signal, ({ cluster }) => {
    const pod = podNamed(metadata.namespace ?? '', metadata.name)
    if (pod === undefined || pod.spec.nodeName) return undefined
    return inSteps(advise(pod, { cluster, policies, podNamed }), clock, signal)
  })
}

/** Undefined if it is gone when its turn comes. */
async function whyNotThere(
  node: string,
  { pod: { metadata }, signal }: Asked,
  { log, clock, objects, present }: WhyPorts,
): Promise<WhyNot | undefined> {
  if (objects.get(nodes, '', node) === undefined) throw notFound(nodes, node)
  const policies = await policiesAt(log)
  return present.use(signal, ({ cluster }) => {
    const pod = objects.get(pods, metadata.namespace ?? '', metadata.name)?.object
    return pod && inSteps(whyNot(pod, node, { cluster, policies }), clock, signal)
  })
}

/** For the last decision in these events; undefined if its state cannot be restored any more. */
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
