import { type Container, containersOf, type Pod } from '@reckon/kubernetes'
import type { AgentPorts } from '../agent-ports.ts'
import { type SeenContainer, sandboxName } from '../runtime/runtime.ts'

/** How much of the end of a log serves as message, as under a kubelet. */
const fallback = { lines: 80, bytes: 2048 }

/** The termination messages of a pod's containers: from the file for it, or from the end of the log. */
export class TerminationMessages {
  /** By container id. */
  readonly said = new Map<string, string>()
  readonly #ports: Pick<AgentPorts, 'disk' | 'runtime'>

  constructor(ports: Pick<AgentPorts, 'disk' | 'runtime'>) {
    this.#ports = ports
  }

  /** Reads the message of each container that has ended, once. */
  async learn(pod: Pod, seen: readonly SeenContainer[], signal: AbortSignal): Promise<void> {
    const ids = new Set(seen.map(({ id }) => id))
    for (const id of this.said.keys()) if (!ids.has(id)) this.said.delete(id)
    for (const each of seen) {
      if (each.state !== 'Exited' || each.container === sandboxName || this.said.has(each.id))
        continue
      const container = containersOf(pod.spec).find(({ name }) => name === each.container)
      this.said.set(each.id, container ? await this.#messageOf(container, each, signal) : '')
    }
  }

  async #messageOf(
    container: Container,
    seen: SeenContainer,
    signal: AbortSignal,
  ): Promise<string> {
    const { disk, runtime } = this.#ports
    const message = await disk.message(seen.pod.uid, seen)
    const { terminationMessagePolicy } = container
    const falls = terminationMessagePolicy === 'FallbackToLogsOnError' && seen.exitCode !== 0
    if (message !== '' || !falls) return message
    const end = { follow: false, timestamps: false, tailLines: fallback.lines }
    let text = Buffer.alloc(0)
    for await (const bytes of runtime.log(seen.id, end, signal)) text = Buffer.concat([text, bytes])
    return text.subarray(-fallback.bytes).toString()
  }
}
