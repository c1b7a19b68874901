import { type Decision, type ObjectRef, refOf, refusedIn } from '@reckon/domain'
import { type EventLog, isSystemEvent } from '@reckon/eventing'
import { holds, objectKey, type Pod, pods } from '@reckon/kubernetes'
import { ClusterState, fedResources, feed, recordedDecision } from '@reckon/scheduling'
import type { Past } from '../past/past.ts'

/**
 * How many events after a decision are searched for the decisions that it assumed: they are recorded at about the same
 * time.
 */
const afterMax = 5_000

type Context = { log: EventLog; past: Past; signal: AbortSignal }

/**
 * The state that a decision saw, with the placements that it assumed, and its pod at that time; undefined if a decision
 * that it assumed was never recorded.
 */
export async function seenBy(
  decision: Decision,
  pod: Pick<ObjectRef, 'namespace' | 'name'>,
  { log, past, signal }: Context,
): Promise<{ cluster: ClusterState; pod: Pod } | undefined> {
  const position = BigInt(decision.view.position)
  const cluster = new ClusterState()
  const standing: Standing = { byUid: new Map(), byKey: new Map() }
  for (const resource of fedResources) {
    for await (const stored of past.at(position).scan(resource, {}, signal)) {
      feed(cluster, { type: 'ADDED', resource, stored })
      if (!holds(pods, stored)) continue
      const { metadata } = stored.object
      standing.byUid.set(metadata.uid ?? '', stored.object)
      standing.byKey.set(objectKey(metadata), stored.object)
    }
  }
  const own = standing.byKey.get(objectKey(pod))
  const assumed = await assumedBy(decision, log, position)
  if (own === undefined || assumed === undefined) return undefined
  for (const { podIn, nodeName, isNomination } of assumed) {
    const pod = podIn(standing)
    if (pod === undefined) continue
    if (isNomination) cluster.nominate(pod, nodeName)
    else if (!cluster.hasPod(pod.metadata.uid ?? '')) cluster.addPod(pod, nodeName)
  }
  return { cluster, pod: own }
}

/** The pods as of that moment. */
type Standing = { byUid: Map<string, Pod>; byKey: Map<string, Pod> }

type Assumed = {
  podIn(standing: Standing): Pod | undefined
  nodeName: string
  isNomination: boolean
}

/** The placements behind the numbers that a decision assumed, from the events after what it saw. */
async function assumedBy(
  { term, assumed }: Decision,
  log: EventLog,
  after: bigint,
): Promise<Assumed[] | undefined> {
  const missing = new Set(assumed)
  const found: Assumed[] = []
  let count = 0
  if (missing.size === 0) return found
  for await (const event of log.readAll({ after })) {
    if (isSystemEvent(event)) continue
    const recorded = recordedDecision(event)
    const ref = refOf(event.stream)
    const { nomination } = recorded?.decision ?? {}
    const nodeName = recorded?.nodeName ?? nomination?.nodeName
    if (recorded && nodeName && ref && recorded.decision.term === term) {
      const podIn = ({ byKey }: Standing) => byKey.get(objectKey(ref))
      if (missing.delete(recorded.decision.number)) {
        found.push({ podIn, nodeName, isNomination: nomination !== undefined })
      }
    } else if (event.type === 'PlacementRefused') {
      const refused = refusedIn(event)
      const podIn = ({ byUid }: Standing) => byUid.get(refused.podUid)
      if (refused.term === term && missing.delete(refused.number)) {
        const { nodeName, isNomination = false } = refused
        found.push({ podIn, nodeName, isNomination })
      }
    }
    count += 1
    if (missing.size === 0) return found
    if (count > afterMax) return undefined
  }
  return undefined
}
