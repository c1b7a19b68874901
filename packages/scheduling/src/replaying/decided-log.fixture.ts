import { type Decision, streamOf } from '@reckon/domain'
import { type Node, nodes, type Pod, pods, type Resource } from '@reckon/kubernetes'
import { recordedOf } from '../explaining/recorded.ts'
import { place } from '../placing/place.ts'
import { algorithm, defaultPolicy } from '../policy/default-policy.ts'
import { ClusterState } from '../state/cluster-state.ts'
import type { RecordedEvent } from './recorded-decision.ts'

/** A log as a scheduler makes it: objects come, and each decision is made in the state in which its cluster then is. */
export class DecidedLog {
  readonly events: RecordedEvent[] = []
  /** What the scheduler has seen and assumes. */
  readonly cluster = new ClusterState()
  readonly #revisions = new Map<string, bigint>()
  #decided = 0

  get position(): bigint {
    return this.events.at(-1)?.position ?? 0n
  }

  append(stream: string, type: string, data: unknown): RecordedEvent {
    const revision = (this.#revisions.get(stream) ?? -1n) + 1n
    this.#revisions.set(stream, revision)
    const position = this.position + 10n
    const event = {
      id: `${stream}@${revision}`,
      type,
      stream,
      revision,
      position,
      data,
      metadata: undefined,
    }
    this.events.push(event)
    return event
  }

  addNode(node: Node): void {
    this.cluster.setNode(node)
    this.append(streamFor(nodes, node), 'NodeCreated', { object: node })
  }

  addPod(pod: Pod): Pod {
    this.append(streamFor(pods, pod), 'PodCreated', { object: pod })
    return pod
  }

  /** The pod has left. */
  deletePod(pod: Pod): void {
    this.cluster.removePod(pod.metadata.uid ?? '')
    this.append(streamFor(pods, pod), 'PodDeleted', { patch: [] })
  }

  /** What a scheduler decides now. */
  decide(
    pod: Pod,
    more: Partial<Decision> = {},
    policy = defaultPolicy,
  ): { decision: Decision; nodeName: string | undefined } {
    const placement = place(pod, this.cluster, policy)
    this.#decided += 1
    const decision: Decision = {
      term: 1,
      number: this.#decided,
      view: { position: String(this.position), eventId: '' },
      policy: policy.name,
      algorithm,
      assumed: [],
      state: this.cluster.hash,
      ...recordedOf(placement),
      ...more,
    }
    return { decision, nodeName: placement.nodeName }
  }

  /** Records a decision; a pod that was placed counts there from now on. */
  record(pod: Pod, { decision, nodeName }: ReturnType<DecidedLog['decide']>): RecordedEvent {
    if (nodeName === undefined) {
      return this.append(streamFor(pods, pod), 'PodSchedulingFailed', { patch: [], decision })
    }
    this.cluster.addPod(pod, nodeName)
    const patch = [{ op: 'add', path: '/spec/nodeName', value: nodeName }]
    return this.append(streamFor(pods, pod), 'PodScheduled', { patch, decision })
  }
}

const streamFor = (resource: Resource, { metadata: { namespace, name } }: Node | Pod) =>
  streamOf(resource, namespace, name)
