import { type SeenContainer, sandboxName } from '@reckon/agent/runtime'
import { type Pod, pods } from '@reckon/kubernetes'
import type { Machine } from '../machine.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** Much shorter than the 40 seconds that pods of a lost Node have, because clocks may be set meanwhile. */
const givenUpAtOnceMs = 1_000
/** The longest that a command to an engine takes to arrive. */
const engineMsMax = 10_000
const collector = 'system:controller:generic-garbage-collector'

/**
 * Nobody ends a container of a pod that is wanted and runs well, whatever an agent has not heard of yet or no longer
 * hears of; and pods of a lost Node have their time.
 */
export function keepsRunning(world: World, machines: readonly Machine[]): Checker {
  const isWanted = (node: string, { uid, namespace, name }: SeenContainer['pod']): boolean => {
    const pod = world.history.objects.get(pods, namespace, name)?.object
    if (pod?.metadata.uid !== uid || pod.spec.nodeName !== node) return false
    const isOver = ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')
    return pod.metadata.deletionTimestamp === undefined && !isOver
  }
  for (const machine of machines) {
    machine.onEnding = (seen, siblings) => {
      const { node } = machine
      const slot = world.slots.find(({ program }) => program.name === `agent@${node}`)
      // An agent that is told to stop may stop its pods; on a compromised node nothing is certain.
      if (slot?.stop?.signal.aborted || world.hostile === node) return
      // An engine that was told to end it before the store was restored still does.
      if (world.timeline.nowMs - world.restoredAtMs < engineMsMax) return
      const hasSandbox = siblings.some(
        ({ container, state }) => container === sandboxName && state === 'Running',
      )
      if (seen.state !== 'Running' || seen.container === sandboxName || !hasSandbox) return
      if (!isWanted(node, seen.pod)) return
      const what = `${node} ends ${seen.pod.namespace}/${seen.pod.name} ${seen.container}`
      world.fail(new Violation('a wanted pod keeps running', what))
    }
  }
  const goneSinceMs = new Map<string, number>()
  return {
    onRecorded({ event, change }) {
      const { type, stored, before } = change ?? {}
      const { kind, metadata } = stored?.object ?? {}
      if (kind === 'Node' && type === 'DELETED') {
        goneSinceMs.set(metadata?.name ?? '', world.timeline.nowMs)
      } else if (kind === 'Node') goneSinceMs.delete(metadata?.name ?? '')
      if (event.type !== 'PodDeleted' || before?.object.metadata.deletionTimestamp) return
      const pod = before?.object as Pod | undefined
      const sinceMs = goneSinceMs.get(pod?.spec.nodeName ?? '')
      const isOver = ['Succeeded', 'Failed'].includes(pod?.status?.phase ?? '')
      const { user } = event.metadata?.actor ?? {}
      if (user !== collector || isOver || sinceMs === undefined) return
      if (world.timeline.nowMs - sinceMs > givenUpAtOnceMs) return
      throw new Violation('a wanted pod keeps running', `${event.stream} is given up at once`)
    },
  }
}
