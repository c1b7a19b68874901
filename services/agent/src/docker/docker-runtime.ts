import { finished } from 'node:stream/promises'
import { attempt } from '@reckon/eventing'
import Docker from 'dockerode'
import {
  type ContainerSpec,
  keyOf,
  type Runtime,
  type RuntimeFacts,
  RuntimeRefusal,
  type SandboxSpec,
  type SeenContainer,
} from '../runtime.ts'
import {
  containerOptions,
  label,
  nearlyPrivileged,
  type Owner,
  sandboxOptions,
} from './container-options.ts'
import { createEngine, statusCodeOf } from './engine.ts'
import { ensurePodNetwork, removePodNetwork } from './pod-network.ts'
import { pullImage } from './pull-image.ts'
import { seenContainer } from './seen-container.ts'
import { watchContainers } from './watch-containers.ts'

/** Where the engine is, whose containers it runs, and what they share. */
export type DockerOptions = {
  /** A unix socket's path, or `tcp://host:port`. */
  dockerHost: string
  owner: Owner
  /** A registry that is asked first for Docker Hub's images: `127.0.0.1:5055`. */
  registryMirror?: string
}

/** Docker counts a grace in nanoseconds of 64 bits; a longer one would wrap round to none. */
const graceSecondsMax = 2 ** 31 - 1

const quickMs = 60_000
const slowMs = 30 * 60_000
const architectures: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' }

/** Runs containers on a Docker engine. */
export function createDockerRuntime(options: DockerOptions): Runtime {
  const docker = connect(options.dockerHost)
  const { owner } = options
  const quick = createEngine('docker', quickMs)
  // Pulls and stops last as long as they last.
  const slow = createEngine('docker-slow', slowMs)
  const labels = [`${label.cluster}=${owner.cluster}`, `${label.node}=${owner.node}`]
  const pulls = new Map<string, Promise<void>>()

  return {
    name: 'docker',
    facts: () => quick(() => factsOf(docker)),
    prepare: (clusterCidr) => quick(() => ensurePodNetwork(docker, clusterCidr)),
    tearDown: () => quick(() => removePodNetwork(docker)),
    async list(podUid) {
      const filter = podUid === undefined ? labels : [...labels, `${label.uid}=${podUid}`]
      const filters = { label: filter }
      const found = await quick(() => docker.listContainers({ all: true, filters }))
      const seen = await Promise.all(found.map(({ Id }) => inspected(Id)))
      return seen.filter((each) => each !== undefined)
    },
    async hasImage(image) {
      return (await unlessGone(() => quick(() => docker.getImage(image).inspect()))) !== undefined
    },
    pullImage(image) {
      // Several containers that start at once pull an image once.
      const running = pulls.get(image)
      if (running !== undefined) return running
      const pulled = slow(() => pullImage(docker, image, options.registryMirror)).finally(() =>
        pulls.delete(image),
      )
      pulls.set(image, pulled)
      return pulled
    },
    startSandbox: (spec) => startSandbox(spec),
    startContainer: (spec) => startContainer(spec),
    exec: (id, command) => exec(id, command),
    async stop(id, graceSeconds) {
      const t = Math.min(graceSeconds, graceSecondsMax)
      await unlessGone(() => slow(() => docker.getContainer(id).stop({ t })), 304)
    },
    async remove(id) {
      await unlessGone(() => slow(() => docker.getContainer(id).remove({ force: true, v: true })))
    },
    watch: (signal) => watchContainers(docker, quick, { labels, signal }),
  }

  async function startSandbox(spec: SandboxSpec): Promise<string> {
    const asked = attempt(keyOf(spec.pod), () => sandboxOptions(spec, owner))
    const container = await quick(() => docker.createContainer(asked))
    try {
      await quick(() => container.start())
      return container.id
    } catch (error) {
      if (error instanceof RuntimeRefusal) await quick(() => container.remove({ force: true }))
      throw error
    }
  }

  async function startContainer(spec: ContainerSpec): Promise<string> {
    const asked = attempt(keyOf(spec.pod), () => containerOptions(spec, owner))
    try {
      return await started(asked)
    } catch (error) {
      const lacksRights = error instanceof RuntimeRefusal && /not permitted/.test(error.message)
      if (!lacksRights || !spec.security.privileged) throw error
      return await started(nearlyPrivileged(asked))
    }
  }

  /** Creates and starts; where Docker keeps with the container why it could not be started, it stays. */
  async function started(asked: Docker.ContainerCreateOptions): Promise<string> {
    const container = await quick(() => docker.createContainer(asked))
    try {
      await quick(() => container.start())
      return container.id
    } catch (error) {
      if (!(error instanceof RuntimeRefusal)) throw error
      const seen = await inspected(container.id)
      if (seen?.startError !== undefined && !asked.HostConfig?.Privileged) return container.id
      await quick(() => container.remove({ force: true, v: true }))
      throw error
    }
  }

  async function exec(id: string, command: readonly string[]): Promise<number> {
    const options = { Cmd: [...command], AttachStdout: true, AttachStderr: true }
    const asked = await quick(() => docker.getContainer(id).exec(options))
    const output = await quick(() => asked.start({}))
    output.resume()
    await finished(output)
    return (await quick(() => asked.inspect())).ExitCode ?? 0
  }

  async function inspected(id: string): Promise<SeenContainer | undefined> {
    const info = await unlessGone(() => quick(() => docker.getContainer(id).inspect()))
    return info && seenContainer(info)
  }
}

function connect(dockerHost: string): Docker {
  if (!dockerHost.startsWith('tcp://')) {
    return new Docker({ socketPath: dockerHost.replace(/^unix:\/\//, '') })
  }
  const { hostname, port } = new URL(dockerHost)
  return new Docker({ host: hostname, port })
}

async function factsOf(docker: Docker): Promise<RuntimeFacts> {
  const info = await docker.info()
  return {
    cpus: info.NCPU,
    memoryBytes: info.MemTotal,
    kernelVersion: info.KernelVersion,
    osImage: info.OperatingSystem,
    architecture: architectures[info.Architecture] ?? info.Architecture,
    containerRuntimeVersion: `docker://${info.ServerVersion}`,
  }
}

/** Undefined when what was asked for is not there (or answers with `fine`). */
async function unlessGone<T>(call: () => Promise<T>, fine = 404): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    const code = statusCodeOf(error)
    if (code === 404 || code === fine) return undefined
    throw error
  }
}
