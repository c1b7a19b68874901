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

/** What holds a pod's network: one small container that outlives the others. */
export type SandboxSpec = {
  pod: PodIdentity
  attempt: number
  image: string
  hostname: string
  /** Absent: the pod lives in the machine's own network. */
  ip?: string
  ports: readonly PublishedPort[]
  /** Parameters of the kernel in the pod's own namespaces, by name. */
  sysctls: Readonly<Record<string, string>>
  hostPID: boolean
  hostIPC: boolean
}

/**
 * A path of the machine that appears inside a container; mounts made below it later may pass one way or both. With
 * `nfs` it is what an NFS server has, which the engine mounts itself.
 */
export type Mount = {
  source: string
  target: string
  readOnly: boolean
  propagation?: 'HostToContainer' | 'Bidirectional'
  nfs?: NfsExport
}

/** What an NFS server has, and how it is to be mounted. */
export type NfsExport = { server: string; path: string; options: readonly string[] }

/** What a registry is shown. */
export type RegistryCredentials = { username: string; password: string; registry: string }

/** How a command ended, and the beginning of what it said. */
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
  /** What of the engine's confinement is left away. */
  unconfined: readonly ('seccomp' | 'apparmor' | 'proc')[]
}

/** One start of one container: a restart is another attempt, in a container of its own. */
export type ContainerSpec = {
  pod: PodIdentity
  container: string
  attempt: number
  sandboxId: string
  image: string
  /** Absent: the image's own. */
  command?: readonly string[]
  args?: readonly string[]
  env: Readonly<Record<string, string>>
  workingDir?: string
  stdin: boolean
  /** Its input ends with that of the first who attaches. */
  stdinOnce: boolean
  tty: boolean
  /** Absent: the image's own, else SIGTERM. */
  stopSignal?: string
  mounts: readonly Mount[]
  limits: ContainerLimits
  /** Whom the kernel kills first where memory runs out: from 0 to 1000. */
  oomScore: number
  security: ContainerSecurity
  /** Joins the process namespace of the sandbox, the machine's, or another container's (by its id), or has its own. */
  processes: 'Own' | 'Sandbox' | 'Host' | { of: string }
}

/** What came of a start: a container that runs, or one that could not be started and why. */
export type StartedContainer = Pick<SeenContainer, 'id' | 'startError'>

/** The name under which a sandbox is listed. */
export const sandboxName = 'POD'

/** A container as the runtime shows it. Times are in milliseconds since the Unix epoch. */
export type SeenContainer = {
  id: string
  pod: PodIdentity
  /** `sandboxName` for the sandbox. */
  container: string
  attempt: number
  /** The sandbox that it joined; its own id for a sandbox. */
  sandboxId: string
  /** `Created`: made but never started, and no reason is known. */
  state: 'Created' | 'Running' | 'Exited'
  image: string
  imageId: string
  ip?: string
  startedAtMs?: number
  finishedAtMs?: number
  exitCode: number
  outOfMemory: boolean
  /** Why it could not be started. */
  startError?: string
}

/**
 * Which part of a log is wanted. `sinceMs` is in milliseconds since the Unix epoch, `tailLines` counts from the end.
 */
export type LogSelection = {
  follow: boolean
  /** Each line begins with the time at which it was written (RFC 3339). */
  timestamps: boolean
  sinceMs?: number
  tailLines?: number
}

/** What the machine and the runtime are. */
export type RuntimeFacts = {
  cpus: number
  memoryBytes: number
  /** Of the disk that holds images and what containers write; absent where that is not known. */
  diskBytes?: number
  kernelVersion: string
  osImage: string
  architecture: string
  /** `docker://20.10.24`. */
  containerRuntimeVersion: string
}

/**
 * What runs containers. It shows and touches only those of its own cluster and node.
 *
 * Every call throws StatusError `ServiceUnavailable` while the engine is away; what the engine itself refuses is a
 * `RuntimeRefusal`.
 */
export interface Runtime {
  /** `docker`: the scheme of container ids. */
  readonly name: string
  facts(): Promise<RuntimeFacts>
  /** Makes what all pods share: their network, of these addresses. May be repeated. */
  prepare(clusterCidr: string): Promise<void>
  /** Puts an address on the pods' network under which the machine is reached. May be repeated. */
  holdAddress(address: string): Promise<void>
  /** Removes what all pods share, unless others still use it. */
  tearDown(): Promise<void>
  /** Every container, or those of one pod, sandboxes among them. */
  list(podUid?: string): Promise<readonly SeenContainer[]>
  /** What the machine and the running containers have consumed, as of now. */
  usage(extent?: UsageExtent): Promise<RuntimeUsage>
  /** The disk of images and of what containers write; undefined where the engine's is another machine's. */
  disk(): Promise<DiskSpace | undefined>
  /** How much each container, or each of one pod, has written, its log included; as far as it can be known. */
  written(podUid?: string): Promise<readonly WrittenBytes[]>
  /** Those of the images that are on the machine. */
  images(names: readonly string[]): Promise<readonly SeenImage[]>
  /** Removes an image; refuses while a container is made of it. One that is gone already is fine. */
  removeImage(image: string): Promise<void>
  /** Whether the image is on the machine. */
  hasImage(image: string): Promise<boolean>
  /** As whom an image that is here runs: a user or its number, perhaps with a group; empty for root. */
  imageUser(image: string): Promise<string>
  /** Tries each of the credentials, and without any last. */
  pullImage(image: string, credentials?: readonly RegistryCredentials[]): Promise<void>
  /** Resolves with the id of the running sandbox; a failed one leaves nothing behind. */
  startSandbox(spec: SandboxSpec): Promise<string>
  /** One whose command cannot be run is left `Exited` with its `startError`. */
  startContainer(spec: ContainerSpec): Promise<StartedContainer>
  /**
   * Runs a command in a running container to its end; when the signal aborts it is ended, with all that it has begun.
   */
  exec(id: string, command: readonly string[], signal: AbortSignal): Promise<Finished>
  /** Begins a command in a running container, joined with whoever looks on. */
  startProcess(
    id: string,
    command: readonly string[],
    streams: ProcessStreams,
  ): Promise<RunningCommand>
  /** Ends every command that was begun in a container, with all that it has begun: whoever looked on is gone. */
  endCommands(): Promise<void>
  /**
   * A connection to a port on the loopback of a running sandbox's own network, where what listens on no address of it
   * is found; rejects with `NoAnswer`.
   */
  openLoopback(sandboxId: string, port: number): Promise<Connection>
  /** Joins the main process of a running container. */
  attach(id: string, streams: ProcessStreams): Promise<RunningCommand>
  /**
   * What a container has written on both of its outputs, also once it has ended; with `follow` until it ends or the
   * signal aborts. Nothing is read ahead of a slow reader.
   */
  log(id: string, selection: LogSelection, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Asks the container to end, and after the grace ends it. Nothing happens to one that is gone or has ended. */
  stop(id: string, graceSeconds: number): Promise<void>
  /** Ends and removes a container; one that is gone already is fine. */
  remove(id: string): Promise<void>
  /**
   * First undefined, once it listens (anything may have changed before), then the uid of each pod of which something
   * changed. Throws when the engine is lost, ends when the signal aborts.
   */
  watch(signal: AbortSignal): AsyncIterable<string | undefined>
}

/** The engine or the machine understood and says no: a bad image, a port that is taken, a full disk. */
export class RuntimeRefusal extends Error {
  override readonly name = 'RuntimeRefusal'
}

/** Whether the machine or its engine failed, not we: a loop tries again. */
export const isPassing = (error: unknown): boolean =>
  isOutage(error) || error instanceof RuntimeRefusal
