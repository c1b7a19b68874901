import {
  contentIn,
  type Decision,
  type NodeVerdict,
  type Nomination,
  type VerdictDigest,
} from '@reckon/domain'
import type { KubernetesObject } from '@reckon/kubernetes'
import { nodeNameOf, type RecordedEvent, recordedDecision } from '../replaying/recorded-decision.ts'
import { type Eviction, evictionIn } from './eviction.ts'
import { verdictsOf } from './recorded.ts'

/** One recorded decision about a pod: the decision, its basis, and its cause. */
export type WhyDecision = {
  outcome: 'Scheduled' | 'Unschedulable'
  /** The chosen node; absent when no node fitted. */
  nodeName?: string
  /** RFC 3339. */
  time: string
  /** The position of the event, decimal. */
  position: string
  eventId: string
  /** The event that the decision is a reaction to. */
  causationId?: string
  correlationId?: string
  actor?: string
  term: number
  number: number
  policy: string
  /** The state that the scheduler had seen. */
  view: Decision['view']
  /** Decisions of the same term that it assumed although they were not yet in that view. */
  assumed: readonly number[]
  message: string
  /** The nominated node, and the pods that had to leave it. */
  nomination?: Nomination
  nodes: readonly NodeVerdict[]
  /** In place of all verdicts, where there were too many nodes. */
  digest?: VerdictDigest
}

/** Why a pod is where it is, or why it is nowhere: every decision about it, the oldest first. */
export type Why = {
  namespace: string
  name: string
  uid?: string
  /** `Waiting`: no scheduler has decided yet. `Preset`: the pod named its node when it was created. */
  state: 'Waiting' | 'Unschedulable' | 'Scheduled' | 'Preset' | 'Deleted'
  nodeName?: string
  createdAt?: string
  /** Its eviction, if it was evicted. */
  eviction?: Eviction
  decisions: readonly WhyDecision[]
}

/**
 * Explains a pod from the events of its stream (the oldest first). Where a name was used again, only the last pod
 * of that name counts.
 */
export function explainPod(events: readonly RecordedEvent[]): Why {
  const created = events.findLastIndex((event) => event.type === 'PodCreated')
  const life = events.slice(Math.max(0, created))
  const first = life[0]
  if (first === undefined) return { namespace: '', name: '', state: 'Waiting', decisions: [] }
  const { namespace, name } = namesIn(first.stream)
  const pod = fullObject(first)
  const preset = nodeNameOf(pod)
  const decisions = life.flatMap(decisionIn)
  const last = decisions.at(-1)
  const [eviction] = life.flatMap(evictionIn)
  const nodeName = preset ?? decisions.findLast(({ outcome }) => outcome === 'Scheduled')?.nodeName
  return {
    namespace,
    name,
    ...(pod?.metadata.uid && { uid: pod.metadata.uid }),
    state: life.at(-1)?.type === 'PodDeleted' ? 'Deleted' : stateOf(preset, last),
    ...(nodeName && { nodeName }),
    ...(first.type === 'PodCreated' && first.metadata && { createdAt: first.metadata.time }),
    ...(eviction && { eviction }),
    decisions,
  }
}

function stateOf(preset: string | undefined, last: WhyDecision | undefined): Why['state'] {
  if (preset !== undefined) return 'Preset'
  return last?.outcome ?? 'Waiting'
}

function decisionIn(event: RecordedEvent): WhyDecision[] {
  const recorded = recordedDecision(event)
  if (recorded === undefined) return []
  const { decision, nodeName } = recorded
  const { metadata } = event
  return [
    {
      outcome: event.type === 'PodScheduled' ? 'Scheduled' : 'Unschedulable',
      ...(nodeName && { nodeName }),
      time: metadata?.time ?? '',
      position: event.position.toString(),
      eventId: event.id,
      ...(metadata?.$causationId && { causationId: metadata.$causationId }),
      ...(metadata && { correlationId: metadata.$correlationId, actor: metadata.actor.user }),
      term: decision.term,
      number: decision.number,
      policy: decision.policy,
      view: decision.view,
      assumed: decision.assumed,
      message: decision.message,
      ...(decision.nomination && { nomination: decision.nomination }),
      nodes: verdictsOf(decision, nodeName),
      ...(decision.digest && { digest: decision.digest }),
    },
  ]
}

const fullObject = (event: RecordedEvent): KubernetesObject | undefined =>
  event.data === undefined ? undefined : contentIn(event).object

/** `default` and `web-1` of `pods-default/web-1`. */
function namesIn(stream: string): { namespace: string; name: string } {
  const path = stream.slice(stream.indexOf('-') + 1)
  const slash = path.indexOf('/')
  return { namespace: path.slice(0, slash), name: path.slice(slash + 1) }
}
