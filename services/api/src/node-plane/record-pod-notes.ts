import { involved, type Note, noteIn, notesStream, type Origin } from '@reckon/domain'
import { isNoteDue } from '@reckon/eventing'
import { type KubernetesObject, secondsOf } from '@reckon/kubernetes'
import type { PodNote } from '@reckon/node-plane'
import { recordNote } from '@reckon/writing'
import type { ApiPorts } from '../ports.ts'

/** How many notes on one pod are recorded for its node, since a hostile node may send any number. */
const notesMax = 50
/** How many notes are read back: those of others on the same pod are among them. */
const readMax = 4 * notesMax

/** Records a node's notes on one of its own pods, as far as they are due and not recorded yet. */
export async function recordPodNotes(
  ports: ApiPorts,
  {
    pod,
    node,
    reported,
    origin,
  }: { pod: KubernetesObject; node: string; reported: readonly PodNote[]; origin: Origin },
): Promise<void> {
  const newest = { direction: 'backwards', limit: readMax } as const
  const stream = notesStream(pod.metadata.uid ?? '')
  const recorded = await Array.fromAsync(ports.log.readStream(stream, newest), noteIn)
  const about = { pod, node, nowMs: ports.clock.now() }
  for (const note of dueNotes(reported, recorded, about)) await recordNote(ports, note, origin)
}

/**
 * Which of a node's notes to record, given those recorded (newest first): those whose count is due and higher than
 * before. First and last times are by the cluster's clock. Pure.
 */
export function dueNotes(
  reported: readonly PodNote[],
  recorded: readonly Note[],
  { pod, node, nowMs }: { pod: KubernetesObject; node: string; nowMs: number },
): readonly Note[] {
  const source = { component: 'kubelet', host: node }
  const own = recorded.filter(
    (note) => note.source.component === source.component && note.source.host === node,
  )
  const now = secondsOf(nowMs)
  return reported
    .flatMap(({ type, reason, message, count }): Note[] => {
      const before = own.find(
        (note) => note.type === type && note.reason === reason && note.message === message,
      )
      if (!isNoteDue(count) || count <= (before?.count ?? 0)) return []
      const firstTimestamp = before?.firstTimestamp ?? now
      const times = { firstTimestamp, lastTimestamp: now }
      return [{ involvedObject: involved(pod), type, reason, message, source, count, ...times }]
    })
    .slice(0, Math.max(0, notesMax - own.length))
}
