import type Docker from 'dockerode'
import { sandboxName } from '../runtime/runtime.ts'
import type { ContainerConsumed, RuntimeUsage } from '../runtime/runtime-usage.ts'
import type { CgroupFiles } from './cgroup-files.ts'
import { label } from './container-options.ts'
import { cgroupOf, consumedBy, consumedByMachine } from './read-usage.ts'
import { seenContainer } from './seen-container.ts'

type Known = Omit<ContainerConsumed, 'cpuSeconds' | 'memoryBytes'> & { files: CgroupFiles }

/**
 * What containers use, by the kernel's own counts: the engine takes a second for one container. It is asked which run, and
 * once for each where its processes are counted.
 */
export class DockerUsage {
  readonly #inspect: (id: string) => Promise<Docker.ContainerInspectInfo | undefined>
  #known = new Map<string, Known>()

  constructor(inspect: (id: string) => Promise<Docker.ContainerInspectInfo | undefined>) {
    this.#inspect = inspect
  }

  async read(running: readonly Docker.ContainerInfo[]): Promise<RuntimeUsage> {
    const apps = running.filter(({ Labels }) => Labels[label.container] !== sandboxName)
    const known = new Map<string, Known>()
    const containers: ContainerConsumed[] = []
    for (const { Id } of apps) {
      const each = this.#known.get(Id) ?? (await this.#find(Id))
      const consumed = each && (await consumedBy(each.files))
      if (each === undefined || consumed === undefined) continue
      known.set(Id, each)
      const { files: _files, ...container } = each
      containers.push({ ...container, ...consumed })
    }
    this.#known = known
    const machine = await consumedByMachine()
    return { ...(machine && { machine }), containers }
  }

  async #find(id: string): Promise<Known | undefined> {
    const info = await this.#inspect(id)
    if (info === undefined || info.State.Pid === 0) return undefined
    const files = await cgroupOf(id, info.State.Pid)
    const { pod, container, startedAtMs } = seenContainer(info)
    if (files === undefined || startedAtMs === undefined) return undefined
    return { id, pod, container, startedAtMs, files }
  }
}
