import { graceSecondsDefault, graceSecondsOf } from '@reckon/kubernetes'
import type { AgentPorts } from '../agent-ports.ts'
import type { ObjectCache } from '../node/object-cache.ts'
import { sandboxName } from '../runtime/runtime.ts'

/** Whoever stops the whole machine does not want to wait longer. */
const graceSecondsMax = 10

/** Stops all containers of the node without removing them: the next start of the agent starts the pods again. */
export async function stopPods({ runtime }: AgentPorts, known: ObjectCache): Promise<void> {
  const running = (await runtime.list()).filter(({ state }) => state === 'Running')
  const graces = new Map(
    known.pods().map(({ object }) => [object.metadata.uid, graceSecondsOf(object)]),
  )
  const grace = (uid: string) => Math.min(graces.get(uid) ?? graceSecondsDefault, graceSecondsMax)
  const isSandbox = ({ container }: { container: string }) => container === sandboxName
  const stop = ({ id, pod }: (typeof running)[number]) => runtime.stop(id, grace(pod.uid))
  await Promise.all(running.filter((each) => !isSandbox(each)).map(stop))
  await Promise.all(running.filter(isSandbox).map(stop))
}
