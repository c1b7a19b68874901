import { isOf, type Node, nodes } from '@reckon/kubernetes'
import { nodeHeartbeat, nodeIn } from '@reckon/node-plane'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'a node is unreachable only when it was silent and the wire was not'
const heartbeats = new RegExp(`^${nodeHeartbeat('x').replace('.x.', '\\.[^.]+\\.')}$`)
const controller = 'system:controller:node-controller'

/** What one replicator has received: the number of its own echoes since each node's last heartbeat. */
class Heard {
  readonly #echoes = new Map<string, Set<string>>()
  #all = new Set<string>()

  heartbeat(node: string): void {
    this.#echoes.set(node, new Set())
  }

  echo(id: string): void {
    this.#all.add(id)
    for (const echoes of this.#echoes.values()) echoes.add(id)
  }

  since(node: string): number {
    return (this.#echoes.get(node) ?? this.#all).size
  }
}

/**
 * Nobody considers a node dead before it was silent for the grace time, counted in seconds in which the wire worked.
 */
export function nodeSilence(world: World): Checker {
  const heardBy = new Map<string, Heard>()
  /**
   * By the event's id: for how many echoes the node was silent when a replicator decided it, and how many had been lost
   * by then. What nobody answered is written again, and may be recorded after what another replicator wrote later.
   */
  const decided = new Map<string, { seconds: number; lost: number }>()
  const heard = (place: string): Heard => {
    const known = heardBy.get(place) ?? new Heard()
    heardBy.set(place, known)
    return known
  }
  return {
    onMessage({ name, service }, { subject, data }) {
      if (service !== 'replicator') return
      if (heartbeats.test(subject)) heard(name).heartbeat(nodeIn(subject))
      else if (subject.includes('.echo.')) heard(name).echo(`${subject} ${data}`)
    },
    onAppend({ program: { name, service } }, stream, events) {
      if (service !== 'replicator' || !stream.startsWith('nodes-/')) return
      const there = heard(name)
      const seconds = there.since(stream.slice('nodes-/'.length))
      // A node that is heard again lives, though it reports no more until it has ended what was
      // taken from it.
      const lost = world.history.objects.list(nodes).filter(({ object }) => {
        const isSilent = there.since(object.metadata.name) >= world.nodeTimeouts.nodeGraceSeconds
        return isSilent && isUnreachable(object)
      })
      for (const { id } of events) {
        if (!decided.has(id)) decided.set(id, { seconds, lost: lost.length })
      }
    },
    onRecorded({ event, change }) {
      const { object } = change?.stored ?? {}
      if (!object || !isOf(nodes, object) || event.metadata?.actor.user !== controller) return
      const { name } = object.metadata
      const first = decided.get(event.id)
      // Events in the copy from which the store was restored were checked when they were written.
      if (first === undefined) return
      const { seconds, lost } = first
      if (event.type === 'NodeBecameUnreachable') {
        if (seconds >= world.nodeTimeouts.nodeGraceSeconds) return
        throw new Violation(rule, `${name} was silent for ${seconds} s`)
      }
      if (!drivesAway(object) || drivesAway(change?.before?.object)) return
      const all = world.history.objects.list(nodes).length
      if (lost * 2 <= all) return
      const what = `${name}, with ${lost} of ${all} nodes lost`
      throw new Violation('of most nodes that fell silent no pods are driven away', what)
    },
  }
}

const isUnreachable = ({ status }: Node): boolean =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'Unknown') ?? false

const drivesAway = (node: object | undefined): boolean =>
  (node as Node | undefined)?.spec.taints?.some(
    ({ key, effect }) => key === 'node.kubernetes.io/unreachable' && effect === 'NoExecute',
  ) ?? false
