import type Docker from 'dockerode'
import { sandboxName } from '../runtime/runtime.ts'
import type { ContainerConsumed, RuntimeUsage } from '../runtime/runtime-usage.ts'
import type { CgroupFiles } from './cgroup-files.ts'
import { label } from './container-options.ts'
import type { KernelCounts } from './kernel-counts.ts'
import { seenContainer } from './seen-container.ts'

type Options = {
  inspect(id: string): Promise<Docker.ContainerInspectInfo | undefined>
  counts: KernelCounts
  /** Whether the engine is on this machine: the machine's usage is that of another one otherwise. */
  isHere: boolean
}

type Known = Omit<ContainerConsumed, 'cpuSeconds' | 'memoryBytes'> & { files: CgroupFiles }

/**
 * What containers use, by the kernel's own counts: the engine takes a second for one container. It is asked which run, and
 * once for each where its processes are counted.
 */
export class DockerUsage {
  readonly #options: Options
  #known = new Map<string, Known>()

  constructor(options: Options) {
    this.#options = options
  }

  async read(running: readonly Docker.ContainerInfo[]): Promise<RuntimeUsage> {
    const { counts, isHere } = this.#options
    const apps = running.filter(({ Labels }) => Labels[label.container] !== sandboxName)
    const known = new Map<string, Known>()
    const containers: ContainerConsumed[] = []
    for (const { Id } of apps) {
      const each = this.#known.get(Id) ?? (await this.#find(Id))
      const consumed = each && (await counts.consumedBy(each.files))
      if (each === undefined || consumed === undefined) continue
      known.set(Id, each)
      const { files: _files, ...container } = each
      containers.push({ ...container, ...consumed })
    }
    this.#known = known
    const machine = isHere ? await counts.consumedByMachine() : undefined
    return { steadyMs: performance.now(), ...(machine && { machine }), containers }
  }

  async #find(id: string): Promise<Known | undefined> {
    const { inspect, counts } = this.#options
    const info = await inspect(id)
    if (info === undefined || info.State.Pid === 0) return undefined
    const files = await counts.cgroupOf(id, info.State.Pid)
    const { pod, container, startedAtMs } = seenContainer(info)
    if (files === undefined || startedAtMs === undefined) return undefined
    return { id, pod, container, startedAtMs, files }
  }
}
