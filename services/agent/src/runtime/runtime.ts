import { isOutage } from '@reckon/eventing/bus'
import type { ProcessStreams } from '@reckon/node-plane'
import type { Connection } from './dialer.ts'
import type { DiskSpace, SeenImage, WrittenBytes } from './disk-space.ts'
import type { PodIdentity } from './pod-identity.ts'
import type { RunningCommand } from './running-command.ts'
import type { RuntimeUsage, UsageExtent } from './runtime-usage.ts'

export type { PodIdentity }

/** A port of the pod that is published on the machine. */
export type PublishedPort = {
  protocol: string
  containerPort: number
  hostPort: number
  hostIP?: string
}

/** The sandbox: a small container that holds the pod's network and outlives the others. */
export type SandboxSpec = {
  pod: PodIdentity
  attempt: number
  image: string
  hostname: string
  /** Absent where the pod uses the machine's network. */
  ip?: string
  ports: readonly PublishedPort[]
  /** Sysctls in the pod's own namespaces. */
  sysctls: Readonly<Record<string, string>>
  hostPID: boolean
  hostIPC: boolean
}

/**
 * A path of the machine mounted into a container; later mounts below it may propagate in one direction or both. With
 * `nfs`, an export of an NFS server, which the engine itself mounts.
 */
export type Mount = {
  source: string
  target: string
  readOnly: boolean
  propagation?: 'HostToContainer' | 'Bidirectional'
  nfs?: NfsExport
}

/** An export of an NFS server, and its mount options. */
export type NfsExport = { server: string; path: string; options: readonly string[] }

/** Credentials for a registry. */
export type RegistryCredentials = { username: string; password: string; registry: string }

/** The exit code of a command, and the beginning of its output. */
export type Finished = { exitCode: number; output: string }

export type ContainerLimits = { cpuShares: number; cpuMillisMax?: number; memoryBytesMax?: number }

export type ContainerSecurity = {
  user?: string
  supplementalGroups: readonly number[]
  readOnlyRootFilesystem: boolean
  privileged: boolean
  noNewPrivileges: boolean
  addCapabilities: readonly string[]
  dropCapabilities: readonly string[]
  /** Which of the engine's confinements are disabled. */
  unconfined: readonly ('seccomp' | 'apparmor' | 'proc')[]
}

/** One start of a container: a restart is another attempt, in a new container. */
export type ContainerSpec = {
  pod: PodIdentity
  container: string
  attempt: number
  sandboxId: string
  image: string
  /** Absent for the image's own. */
  command?: readonly string[]
  args?: readonly string[]
  env: Readonly<Record<string, string>>
  workingDir?: string
  stdin: boolean
  /** Whether its input ends when the first attached client ends its own. */
  stdinOnce: boolean
  tty: boolean
  /** Absent for the image's own, or SIGTERM. */
  stopSignal?: string
  mounts: readonly Mount[]
  limits: ContainerLimits
  /** The OOM score adjustment, from 0 to 1000 (killed first). */
  oomScore: number
  security: ContainerSecurity
  /** The process namespace: its own, the sandbox's, the machine's, or that of another container by id. */
  processes: 'Own' | 'Sandbox' | 'Host' | { of: string }
}

/** The outcome of a start: a running container, or one with a start error. */
export type StartedContainer = Pick<SeenContainer, 'id' | 'startError'>

/** The container name of sandboxes. */
export const sandboxName = 'POD'

/** A container as listed. Times are in milliseconds since the Unix epoch. */
export type SeenContainer = {
  id: string
  pod: PodIdentity
  /** `sandboxName` for the sandbox. */
  container: string
  attempt: number
  /** The id of its sandbox; its own id for a sandbox. */
  sandboxId: string
  /** `Created` means never started, without a known reason. */
  state: 'Created' | 'Running' | 'Exited'
  image: string
  imageId: string
  ip?: string
  startedAtMs?: number
  finishedAtMs?: number
  exitCode: number
  outOfMemory: boolean
  startError?: string
}

/** A part of a log. `sinceMs` is in milliseconds since the Unix epoch; `tailLines` counts from the end. */
export type LogSelection = {
  follow: boolean
  /** Whether each line begins with the time it was written (RFC 3339). */
  timestamps: boolean
  sinceMs?: number
  tailLines?: number
}

/** Facts about the machine and the runtime. */
export type RuntimeFacts = {
  cpus: number
  memoryBytes: number
  /** The size of the disk of images and containers; absent where unknown. */
  diskBytes?: number
  kernelVersion: string
  osImage: string
  architecture: string
  /** `docker://20.10.24`. */
  containerRuntimeVersion: string
}

/**
 * Runs containers. It lists and touches only those of its own cluster and node. Every call throws StatusError
 * `ServiceUnavailable` while the engine is away, and `RuntimeRefusal` for what the engine refuses.
 */
export interface Runtime {
  /** The scheme of container ids: `docker`. */
  readonly name: string
  facts(): Promise<RuntimeFacts>
  /** Creates what all pods share: a network with these addresses. Idempotent. */
  prepare(clusterCidr: string): Promise<void>
  /** Adds an address at which the machine is reached to the pods' network. Idempotent. */
  holdAddress(address: string): Promise<void>
  /** Removes what all pods share, unless others still use it. */
  tearDown(): Promise<void>
  /** All containers, or those of one pod, including sandboxes. */
  list(podUid?: string): Promise<readonly SeenContainer[]>
  /** The current usage of the machine and of running containers. */
  usage(extent?: UsageExtent): Promise<RuntimeUsage>
  /** The disk of images and containers; undefined where the engine is on another machine. */
  disk(): Promise<DiskSpace | undefined>
  /** How much each container (of one pod, if given) has written, including its log, where known. */
  written(podUid?: string): Promise<readonly WrittenBytes[]>
  /** The given images that are on the machine. */
  images(names: readonly string[]): Promise<readonly SeenImage[]>
  /** Removes an image, if it is there; refuses while a container uses it. */
  removeImage(image: string): Promise<void>
  /** Whether the image is on the machine. */
  hasImage(image: string): Promise<boolean>
  /** The user of an image on the machine: a name or number, perhaps with a group; empty for root. */
  imageUser(image: string): Promise<string>
  /** Pulls with each of the credentials in turn, finally without any. */
  pullImage(image: string, credentials?: readonly RegistryCredentials[]): Promise<void>
  /** Resolves with the id of the running sandbox; a failed one leaves nothing behind. */
  startSandbox(spec: SandboxSpec): Promise<string>
  /** A container whose command cannot be run is left `Exited` with a `startError`. */
  startContainer(spec: ContainerSpec): Promise<StartedContainer>
  /**
   * Runs a command in a running container to its end. When the signal aborts, the command and everything it has started
   * are killed.
   */
  exec(id: string, command: readonly string[], signal: AbortSignal): Promise<Finished>
  /** Starts a command in a running container with an attached client. */
  startProcess(
    id: string,
    command: readonly string[],
    streams: ProcessStreams,
  ): Promise<RunningCommand>
  /**
   * Kills all commands that were started in containers and everything they have started, because their clients are
   * gone.
   */
  endCommands(): Promise<void>
  /** Connects to a port on the loopback of a running sandbox's own network; rejects with `NoAnswer`. */
  openLoopback(sandboxId: string, port: number): Promise<Connection>
  /** Attaches to the main process of a running container. */
  attach(id: string, streams: ProcessStreams): Promise<RunningCommand>
  /**
   * The output of a container, even after it has ended; with `follow` until it ends or the signal aborts. Nothing is
   * read ahead of a slow reader.
   */
  log(id: string, selection: LogSelection, signal: AbortSignal): AsyncIterable<Uint8Array>
  /**
   * Stops a container: asks it to end, and kills it after the grace period. Does nothing where it is gone or has ended.
   */
  stop(id: string, graceSeconds: number): Promise<void>
  /** Stops and removes a container, if it is there. */
  remove(id: string): Promise<void>
  /**
   * Yields undefined once it receives events (anything may have changed before), then the uid of each pod that changed.
   * Throws when the engine is lost; ends when the signal aborts.
   */
  watch(signal: AbortSignal): AsyncIterable<string | undefined>
}

/** The engine or the machine refuses: an invalid image, a port in use, a full disk. */
export class RuntimeRefusal extends Error {
  override readonly name = 'RuntimeRefusal'
}

/** Whether the machine or its engine failed rather than we, so that a loop retries. */
export const isPassing = (error: unknown): boolean =>
  isOutage(error) || error instanceof RuntimeRefusal
