import type Docker from 'dockerode'
import type { CgroupFiles } from '../machine/kernel/cgroup-files.ts'
import type { KernelCounts } from '../machine/kernel/kernel-counts.ts'
import { sandboxName } from '../runtime/runtime.ts'
import type {
  ContainerConsumed,
  PodNetwork,
  RuntimeUsage,
  UsageExtent,
} from '../runtime/runtime-usage.ts'
import { label } from './containers/container-options.ts'
import { seenContainer } from './containers/seen-container.ts'

type Options = {
  inspect(id: string): Promise<Docker.ContainerInspectInfo | undefined>
  counts: KernelCounts
  /** Whether the engine is on this machine, so that the machine's usage is its own. */
  isHere: boolean
}

/** A running container, and its cgroup. */
type TrackedContainer = Omit<ContainerConsumed, 'cpuSeconds' | 'memoryBytes' | 'counts'> & {
  image: string
  pid: number
  files: CgroupFiles
}

/**
 * The usage of containers from the kernel's own counts, because the engine takes a second for each container. The
 * engine only lists them, and tells once for each where its processes are counted.
 */
export class DockerUsage {
  readonly #options: Options
  #known = new Map<string, TrackedContainer>()

  constructor(options: Options) {
    this.#options = options
  }

  async read(
    running: readonly Docker.ContainerInfo[],
    extent: UsageExtent = 'Consumed',
  ): Promise<RuntimeUsage> {
    const { counts, isHere } = this.#options
    const isAll = extent === 'AllCounts'
    const measured = running.filter((each) => (isSandbox(each) ? isAll && hasNetwork(each) : true))
    await this.#keep(running, measured)
    const containers: ContainerConsumed[] = []
    const networks: PodNetwork[] = []
    for (const { Id } of measured) {
      const known = this.#known.get(Id)
      if (known === undefined) continue
      if (known.container === sandboxName) networks.push(...(await this.#networkOf(known)))
      else containers.push(...(await this.#consumedBy(known, isAll)))
    }
    const machine = isHere ? await counts.consumedByMachine() : undefined
    return {
      steadyMs: performance.now(),
      ...(machine && { machine }),
      containers,
      ...(isAll && { networks }),
    }
  }

  /** Looks up new containers, and forgets those that no longer run. */
  async #keep(
    running: readonly Docker.ContainerInfo[],
    measured: readonly Docker.ContainerInfo[],
  ): Promise<void> {
    const ids = new Set(running.map(({ Id }) => Id))
    const known = new Map([...this.#known].filter(([id]) => ids.has(id)))
    for (const { Id } of measured) {
      const found = known.get(Id) ?? (await this.#find(Id))
      if (found) known.set(Id, found)
    }
    this.#known = known
  }

  async #consumedBy(known: TrackedContainer, isAll: boolean): Promise<ContainerConsumed[]> {
    const { files, image, pid: _pid, ...container } = known
    const consumed = await this.#options.counts.consumedBy(files)
    if (consumed === undefined) {
      this.#known.delete(known.id)
      return []
    }
    const counts = isAll ? await this.#options.counts.countsOf(files) : undefined
    return [{ ...container, ...consumed, ...(counts && { counts: { ...counts, image } }) }]
  }

  async #networkOf({ id, pid, pod, image }: TrackedContainer): Promise<PodNetwork[]> {
    const interfaces = await this.#options.counts.interfacesOf(pid)
    return interfaces === undefined ? [] : [{ pod, sandboxId: id, image, interfaces }]
  }

  async #find(id: string): Promise<TrackedContainer | undefined> {
    const { inspect, counts } = this.#options
    const info = await inspect(id)
    if (info === undefined || info.State.Pid === 0) return undefined
    const pid = info.State.Pid
    const files = await counts.cgroupOf(id, pid)
    const { pod, container, startedAtMs, image } = seenContainer(info)
    if (files === undefined || startedAtMs === undefined) return undefined
    return { id, pod, container, startedAtMs, image, pid, files }
  }
}

const isSandbox = ({ Labels }: Docker.ContainerInfo): boolean =>
  Labels[label.container] === sandboxName

/** Traffic through the machine's own interfaces is not the pod's alone. */
const hasNetwork = ({ HostConfig }: Docker.ContainerInfo): boolean =>
  HostConfig.NetworkMode !== 'host'
