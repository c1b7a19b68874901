import { type Container, containersOf, type Pod } from '@reckon/kubernetes'
import type { AgentPorts } from '../agent-ports.ts'
import { type SeenContainer, sandboxName } from '../runtime/runtime.ts'

/** What is told of the end of a log instead, as by a kubelet. */
const fallback = { lines: 80, bytes: 2048 }

/** What the containers of one pod said of their ends: in the file that is for that, or at the end of their logs. */
export class TerminationMessages {
  /** By the container's id. */
  readonly said = new Map<string, string>()
  readonly #ports: Pick<AgentPorts, 'disk' | 'runtime'>

  constructor(ports: Pick<AgentPorts, 'disk' | 'runtime'>) {
    this.#ports = ports
  }

  /** Reads of each that has ended what it said, once. */
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
