import { type Decision, streamOf } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import {
  type KubernetesObject,
  type Node,
  type Pod,
  pods as podsResource,
} from '@reckon/kubernetes'
import {
  algorithm,
  ClusterState,
  defaultPolicy,
  place,
  Replay,
  recordedOf,
} from '@reckon/scheduling'
import { type Row, shown } from '../benchmark.ts'
import { nodeOf } from './objects.ts'
import { createdEvent, streamFor } from './recorded-objects.ts'
import { workloads } from './workloads.ts'

const nodeEveryDecisions = 20
const endEveryDecisions = 4

/**
 * Decisions computed again from their log, in which every fourth a pod ends and every twentieth a node comes, goes or
 * changes; CPU of one thread.
 */
export function measureReplay(nodes: number, decisions: number): Row {
  const { events } = new DecidedLog(nodes, decisions)
  const began = process.threadCpuUsage()
  const replay = new Replay()
  for (const event of events) replay.add(event)
  const report = replay.end()
  const { user, system } = process.threadCpuUsage(began)
  const micros = (user + system) / decisions
  return {
    what: `replay with node churn, ${report.divergences} divergences`,
    nodes: shown(nodes),
    pods: shown(report.decisions),
    'µs/pod': shown(micros),
    'pods/s': shown(1_000_000 / micros),
  }
}

/** A log of pods of several workloads in turn, each decided in the state in which the cluster then is. */
class DecidedLog {
  readonly events: RecordedEvent[] = []
  readonly #cluster = new ClusterState()
  readonly #revisions = new Map<string, bigint>()
  readonly #placed: Pod[] = []
  readonly #nodes: Node[] = []

  constructor(nodes: number, decisions: number) {
    const mixed = workloads.filter(({ count, standing }) => count !== 'EachNode' && !standing)
    for (let index = 0; index < nodes; index += 1) this.#setNode(nodeOf(index))
    for (let index = 0; index < decisions; index += 1) {
      const workload = mixed[index % mixed.length]
      if (workload) this.#decide(workload.create(index), index)
      if (index % endEveryDecisions === 0) this.#end()
      if (index % nodeEveryDecisions === 0) this.#churn(index / nodeEveryDecisions)
    }
  }

  #decide(pod: Pod, index: number): void {
    this.#append(streamFor(pod), createdEvent(pod))
    const view = { position: String(this.#position), eventId: '' }
    const placement = place(pod, this.#cluster, defaultPolicy)
    const decision: Decision = {
      ...{ term: 1, number: index + 1, view, policy: defaultPolicy.name, algorithm, assumed: [] },
      state: this.#cluster.hash,
      ...recordedOf(placement),
    }
    const { nodeName } = placement
    if (nodeName === undefined) {
      this.#append(streamFor(pod), { type: 'PodSchedulingFailed', data: { patch: [], decision } })
      return
    }
    this.#cluster.addPod(pod, nodeName)
    this.#placed.push(pod)
    const patch = [{ op: 'add', path: '/spec/nodeName', value: nodeName }]
    this.#append(streamFor(pod), { type: 'PodScheduled', data: { patch, decision } })
  }

  #end(): void {
    const pod = this.#placed.shift()
    if (pod === undefined) return
    const { namespace, name, uid = '' } = pod.metadata
    this.#cluster.removePod(uid)
    this.#append(streamOf(podsResource, namespace, name), {
      type: 'PodDeleted',
      data: { patch: [] },
    })
  }

  /** In turn: one more, one with other taints, one less. */
  #churn(index: number): void {
    if (index % 3 === 0) this.#setNode(nodeOf(this.#nodes.length))
    const node = this.#nodes.at(-1)
    if (node === undefined) return
    const taints = [{ key: 'busy', value: String(index), effect: 'NoSchedule' }]
    if (index % 3 === 1) this.#setNode({ ...node, spec: { taints } })
    if (index % 3 === 2) {
      this.#nodes.pop()
      this.#cluster.removeNode(node.metadata.name)
      this.#append(streamFor(node), { type: 'NodeDeleted', data: { patch: [] } })
    }
  }

  #setNode(node: Node): void {
    const known = this.#nodes.findIndex(({ metadata }) => metadata.name === node.metadata.name)
    if (known < 0) {
      this.#nodes.push(node)
      this.#append(streamFor(node), createdEvent(node))
    } else {
      this.#nodes[known] = node
      const patch = [{ op: 'replace', path: '/spec', value: node.spec }]
      this.#append(streamFor(node), { type: 'NodeTaintsChanged', data: { patch } })
    }
    this.#cluster.setNode(node)
  }

  get #position(): bigint {
    return this.events.at(-1)?.position ?? 0n
  }

  #append(stream: string, { type, data }: { type: string; data: unknown }): void {
    const revision = (this.#revisions.get(stream) ?? -1n) + 1n
    this.#revisions.set(stream, revision)
    const { metadata } = createdEvent(emptyObject)
    const position = this.#position + 10n
    const id = `${stream}@${revision}`
    this.events.push({ id, type, stream, revision, position, data, metadata })
  }
}

const emptyObject: KubernetesObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: '' } }
