import { attempt } from '@reckon/eventing/bus'
import { objectKey } from '@reckon/kubernetes'
import type { ProcessStreams } from '@reckon/node-plane'
import Docker from 'dockerode'
import { KernelCounts } from '../machine/kernel/kernel-counts.ts'
import { type Connection, NoAnswer } from '../runtime/dialer.ts'
import type { DiskSpace, SeenImage, WrittenBytes } from '../runtime/disk-space.ts'
import type { RunningCommand } from '../runtime/running-command.ts'
import {
  type ContainerSpec,
  type Finished,
  type LogSelection,
  type RegistryCredentials,
  type Runtime,
  type RuntimeFacts,
  RuntimeRefusal,
  type SandboxSpec,
  type SeenContainer,
  type StartedContainer,
} from '../runtime/runtime.ts'
import type { RuntimeUsage, UsageExtent } from '../runtime/runtime-usage.ts'
import {
  containerOptions,
  label,
  nearlyPrivileged,
  type Owner,
  sandboxOptions,
} from './containers/container-options.ts'
import { attachTo, endCommandsIn, runToEnd, startProcess } from './containers/docker-process.ts'
import { seenContainer } from './containers/seen-container.ts'
import { SeenContainers } from './containers/seen-containers.ts'
import { bytesWritten, spaceOf } from './docker-disk.ts'
import { DockerUsage } from './docker-usage.ts'
import { createEngine, type Engine } from './engine.ts'
import { isEngine28 } from './engine-version.ts'
import { DockerImages } from './images/docker-images.ts'
import { readLog } from './logs/read-log.ts'
import { isLinked, PodLinks } from './network/pod-links.ts'
import { PodLoopbacks } from './network/pod-loopback.ts'
import { ensurePodNetwork, holdAddress, removePodNetwork } from './network/pod-network.ts'
import { unlessGone } from './unless-gone.ts'

/** The engine's address, the owner of the containers, and settings for all of them. */
export type DockerOptions = {
  /** A unix socket's path, or `tcp://host:port`. */
  dockerHost: string
  owner: Owner
  /** The directory for links to containers' logs, as `/var/log` for a kubelet. */
  logDir: string
  /** Called with what prevents log links; containers run all the same. */
  onUnlinked(error: Error): void
  /** Called, once for each reason, with what prevents measuring usage. */
  onUnmeasured(error: Error): void
  /** A registry to try first for Docker Hub's images: `127.0.0.1:5055`. */
  registryMirror?: string
}

/** Docker's grace periods are 64-bit nanoseconds; a longer one would wrap round to none. */
const graceSecondsMax = 2 ** 31 - 1

const quickMs = 60_000
const slowMs = 30 * 60_000
const architectures: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' }

/** Runs containers on a Docker engine. */
export const createDockerRuntime = (options: DockerOptions): Runtime => new DockerRuntime(options)

class DockerRuntime implements Runtime {
  readonly name = 'docker'
  readonly #options: DockerOptions
  readonly #docker: Docker
  readonly #quick = createEngine('docker', quickMs)
  // Pulls and stops may take long.
  readonly #slow = createEngine('docker-slow', slowMs)
  readonly #isHere: boolean
  readonly #images: DockerImages
  readonly #seen: SeenContainers
  readonly #usage: DockerUsage
  readonly #loopbacks = new PodLoopbacks()
  readonly #links = new PodLinks()

  constructor(options: DockerOptions) {
    const { cluster, node } = options.owner
    this.#options = options
    const isHere = !options.dockerHost.startsWith('tcp://')
    this.#isHere = isHere
    const counts = new KernelCounts({ onUnread: options.onUnmeasured })
    this.#usage = new DockerUsage({ inspect: (id) => this.#inspect(id), counts, isHere })
    this.#docker = connect(options.dockerHost)
    const engines = { docker: this.#docker, quick: this.#quick, slow: this.#slow }
    this.#images = new DockerImages({ ...engines, mirror: options.registryMirror })
    this.#seen = new SeenContainers({
      ...{ docker: this.#docker, engine: this.#quick },
      labels: [`${label.cluster}=${cluster}`, `${label.node}=${node}`],
      logDir: isHere ? options.logDir : undefined,
      onUnlinked: options.onUnlinked,
    })
  }

  facts(): Promise<RuntimeFacts> {
    return this.#quick(() => factsOf(this.#docker, this.#isHere))
  }

  async prepare(clusterCidr: string): Promise<void> {
    await this.#quick(() => ensurePodNetwork(this.#docker, clusterCidr))
    const isOurs = this.#isHere && !(await this.#quick(() => isEngine28(this.#docker)))
    await this.#links.prepare(isOurs ? clusterCidr : undefined)
  }

  holdAddress(address: string): Promise<void> {
    return holdAddress(address)
  }

  tearDown(): Promise<void> {
    return this.#quick(() => removePodNetwork(this.#docker))
  }

  list(podUid?: string): Promise<SeenContainer[]> {
    return this.#seen.list(podUid)
  }

  async usage(extent?: UsageExtent): Promise<RuntimeUsage> {
    return this.#usage.read(await this.#running(), extent)
  }

  async disk(): Promise<DiskSpace | undefined> {
    // A remote engine's folder may have the name of one here.
    if (!this.#isHere) return undefined
    const { DockerRootDir } = await this.#quick(() => this.#docker.info())
    return spaceOf(DockerRootDir)
  }

  written(podUid?: string): Promise<readonly WrittenBytes[]> {
    const engine = { docker: this.#docker, engine: this.#slow }
    return bytesWritten(engine, this.#seen.labelsOf(podUid))
  }

  images(names: readonly string[]): Promise<readonly SeenImage[]> {
    return this.#images.see(names)
  }

  removeImage(image: string): Promise<void> {
    return this.#images.remove(image)
  }

  hasImage(image: string): Promise<boolean> {
    return this.#images.has(image)
  }

  imageUser(image: string): Promise<string> {
    return this.#images.userOf(image)
  }

  pullImage(image: string, credentials: readonly RegistryCredentials[] = []): Promise<void> {
    return this.#images.pull(image, credentials)
  }

  async startSandbox(spec: SandboxSpec): Promise<string> {
    const link = this.#links.linkFor(spec)
    const { owner } = this.#options
    const asked = attempt(objectKey(spec.pod), () => sandboxOptions(spec, owner, link))
    if (link && (await isLinked(link.name))) await this.#freeLink(link.name)
    const container = await this.#quick(() => this.#docker.createContainer(asked))
    try {
      await this.#quick(() => container.start())
      if (link) await this.#links.join(link, container.id, await this.#pidOf(container.id))
      return container.id
    } catch (error) {
      if (error instanceof RuntimeRefusal) {
        await this.#quick(() => container.remove({ force: true }))
      }
      throw error
    }
  }

  /** Frees the name of a link; refuses where another pod uses it. */
  async #freeLink(name: string): Promise<void> {
    const filters = { label: [`${label.link}=${name}`] }
    const [holder] = await this.#quick(() => this.#docker.listContainers({ filters }))
    if (holder) throw new RuntimeRefusal(`its address is that of ${holder.Labels[label.name]}`)
    await this.#links.remove(name)
  }

  async startContainer(spec: ContainerSpec): Promise<StartedContainer> {
    const { owner } = this.#options
    const asked = attempt(objectKey(spec.pod), () => containerOptions(spec, owner))
    try {
      return await this.#started(asked)
    } catch (error) {
      const lacksRights = error instanceof RuntimeRefusal && /not permitted/.test(error.message)
      if (!lacksRights || !spec.security.privileged) throw error
      return await this.#started(nearlyPrivileged(asked))
    }
  }

  exec(id: string, command: readonly string[], signal: AbortSignal): Promise<Finished> {
    return runToEnd(this.#engine, id, { command, signal })
  }

  startProcess(
    id: string,
    command: readonly string[],
    streams: ProcessStreams,
  ): Promise<RunningCommand> {
    return startProcess(this.#engine, id, { command, streams })
  }

  async endCommands(): Promise<void> {
    for (const { Id } of await this.#running()) {
      await unlessGone(() => endCommandsIn(this.#engine, Id))
    }
  }

  async openLoopback(sandboxId: string, port: number): Promise<Connection> {
    const pid = await this.#pidOf(sandboxId)
    if (pid === 0) throw new NoAnswer('the pod has no network')
    return this.#loopbacks.open(sandboxId, pid, port)
  }

  attach(id: string, streams: ProcessStreams): Promise<RunningCommand> {
    return attachTo(this.#engine, id, streams)
  }

  log(id: string, selection: LogSelection, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return readLog(this.#engine, id, { selection, signal })
  }

  async stop(id: string, graceSeconds: number): Promise<void> {
    const t = Math.min(graceSeconds, graceSecondsMax)
    await unlessGone(() => this.#slow(() => this.#docker.getContainer(id).stop({ t })), 304)
  }

  async remove(id: string): Promise<void> {
    const options = { force: true, v: true }
    await unlessGone(() => this.#slow(() => this.#docker.getContainer(id).remove(options)))
    await this.#seen.unlink(id)
  }

  watch(signal: AbortSignal): ReturnType<Runtime['watch']> {
    return this.#seen.watch(signal)
  }

  get #engine(): { docker: Docker; engine: Engine } {
    return { docker: this.#docker, engine: this.#quick }
  }

  /** Creates and starts a container. If it cannot be started, it is kept, because Docker stores the reason with it. */
  async #started(asked: Docker.ContainerCreateOptions): Promise<StartedContainer> {
    const container = await this.#quick(() => this.#docker.createContainer(asked))
    try {
      await this.#quick(() => container.start())
      return { id: container.id }
    } catch (error) {
      if (!(error instanceof RuntimeRefusal)) throw error
      const info = await this.#inspect(container.id)
      const { startError } = info === undefined ? {} : seenContainer(info)
      if (startError !== undefined && !asked.HostConfig?.Privileged) {
        return { id: container.id, startError }
      }
      await this.#quick(() => container.remove({ force: true, v: true }))
      throw error
    }
  }

  #running(): Promise<Docker.ContainerInfo[]> {
    const filters = { label: this.#seen.labelsOf(undefined) }
    return this.#quick(() => this.#docker.listContainers({ filters }))
  }

  /** The pid of a container; 0 where it does not run. */
  async #pidOf(id: string): Promise<number> {
    return (await this.#inspect(id))?.State.Pid ?? 0
  }

  #inspect(id: string): Promise<Docker.ContainerInspectInfo | undefined> {
    return unlessGone(() => this.#quick(() => this.#docker.getContainer(id).inspect()))
  }
}

function connect(dockerHost: string): Docker {
  if (!dockerHost.startsWith('tcp://')) {
    return new Docker({ socketPath: dockerHost.replace(/^unix:\/\//, '') })
  }
  const { hostname, port } = new URL(dockerHost)
  return new Docker({ host: hostname, port })
}

async function factsOf(docker: Docker, isHere: boolean): Promise<RuntimeFacts> {
  const info = await docker.info()
  const diskBytes = isHere ? (await spaceOf(info.DockerRootDir))?.capacityBytes : undefined
  return {
    cpus: info.NCPU,
    memoryBytes: info.MemTotal,
    ...(diskBytes !== undefined && { diskBytes }),
    kernelVersion: info.KernelVersion,
    osImage: info.OperatingSystem,
    architecture: architectures[info.Architecture] ?? info.Architecture,
    containerRuntimeVersion: `docker://${info.ServerVersion}`,
  }
}
