import { sandboxName } from '@reckon/agent/runtime'
import { podRequests, pods } from '@reckon/kubernetes'
import type { Machine } from '../machine.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/**
 * A node never runs more than its capacity, whatever was promised. A sandbox whose containers have ended takes nothing.
 */
export const nodeCapacity = ({ history }: World, machines: readonly Machine[]): Checker => ({
  async onSecond() {
    for (const machine of machines) {
      const uids = new Set(
        (await machine.running())
          .filter(({ container }) => container !== sandboxName)
          .map(({ pod }) => pod.uid),
      )
      const cpuMillis = history.objects
        .list(pods)
        .filter(({ object }) => uids.has(object.metadata.uid ?? ''))
        .reduce((sum, { object }) => sum + (podRequests(object).cpu ?? 0), 0)
      if (cpuMillis <= machine.cpus * 1000) continue
      const what = `${machine.node} runs ${cpuMillis}m of ${machine.cpus} CPUs`
      throw new Violation('a node runs no more than it has', what)
    }
  },
})
