import type { ContainerCreateOptions } from 'dockerode'
import {
  type ContainerSecurity,
  type ContainerSpec,
  type Mount,
  type PodIdentity,
  type SandboxSpec,
  sandboxName,
} from '../../runtime/runtime.ts'

/** The owner of containers: an agent sees and touches only its own. */
export type Owner = { cluster: string; node: string }

/** The Docker network of all pods, and its bridge on the machine. */
export const podNetwork = 'reckon-pods'
export const bridgeName = 'reckon0'

/** The labels that identify containers. */
export const label = {
  cluster: 'reckon.cluster',
  node: 'reckon.node',
  uid: 'reckon.pod.uid',
  name: 'reckon.pod.name',
  namespace: 'reckon.pod.namespace',
  container: 'reckon.container',
  attempt: 'reckon.attempt',
  sandbox: 'reckon.sandbox',
  ip: 'reckon.pod.ip',
  link: 'reckon.pod.link',
} as const

/** The number of log files of a container; the oldest is deleted when a new one is begun. */
export const logFilesMax = 3

const logging = {
  Type: 'json-file',
  Config: { 'max-size': '10m', 'max-file': `${logFilesMax}` },
}
/** Mount propagation, in the kernel's terms. */
const propagations = { HostToContainer: 'rslave', Bidirectional: 'rshared' } as const

/** Disables an image's health check, as under a kubelet: nobody uses the result, and the command would cost time. */
const unchecked = { Healthcheck: { Test: ['NONE'] } }

const cpuPeriodMicros = 100_000

/** Container names as under dockershim, so that tools that know these work. */
const containerName = (pod: PodIdentity, container: string, attempt: number): string =>
  `k8s_${container}_${pod.name}_${pod.namespace}_${pod.uid}_${attempt}`

/** A link that the agent makes itself: the name of the machine's end, and the sysctls for the pod's network. */
export type OwnLink = { name: string; sysctls: Readonly<Record<string, string>> }

/** The options of a sandbox's container; without a network where the agent makes the link. */
export function sandboxOptions(
  spec: SandboxSpec,
  owner: Owner,
  link?: OwnLink,
): ContainerCreateOptions {
  const ports = spec.ports.map((port) => ({
    key: `${port.containerPort}/${port.protocol.toLowerCase()}`,
    port,
  }))
  const bindings: Record<string, { HostIp?: string; HostPort: string }[]> = {}
  for (const { key, port } of ports) {
    const binding = {
      ...(port.hostIP ? { HostIp: port.hostIP } : {}),
      HostPort: `${port.hostPort}`,
    }
    bindings[key] = [...(bindings[key] ?? []), binding]
  }
  return {
    name: containerName(spec.pod, sandboxName, spec.attempt),
    Image: spec.image,
    ...unchecked,
    Labels: {
      ...labelsOf(spec.pod, sandboxName, spec.attempt, owner),
      ...(spec.ip === undefined ? {} : { [label.ip]: spec.ip }),
      ...(link && { [label.link]: link.name }),
    },
    // In the machine's network the pod has the machine's host name, as under a kubelet.
    ...(spec.ip === undefined ? {} : { Hostname: spec.hostname }),
    ExposedPorts: Object.fromEntries(ports.map(({ key }) => [key, {}])),
    NetworkDisabled: link !== undefined,
    HostConfig: {
      ...(link ? {} : { NetworkMode: spec.ip === undefined ? 'host' : podNetwork }),
      IpcMode: spec.hostIPC ? 'host' : 'shareable',
      ...(spec.hostPID ? { PidMode: 'host' } : {}),
      PortBindings: bindings,
      Sysctls: { ...link?.sysctls, ...spec.sysctls },
      LogConfig: logging,
      CpuShares: 2,
    },
    ...(spec.ip === undefined || link
      ? {}
      : {
          NetworkingConfig: {
            EndpointsConfig: { [podNetwork]: { IPAMConfig: { IPv4Address: spec.ip } } },
          },
        }),
  }
}

/** The options of a container for one attempt. */
export function containerOptions(spec: ContainerSpec, owner: Owner): ContainerCreateOptions {
  const { limits, security } = spec
  const sandbox = `container:${spec.sandboxId}`
  return {
    name: containerName(spec.pod, spec.container, spec.attempt),
    Image: spec.image,
    ...unchecked,
    Labels: {
      ...labelsOf(spec.pod, spec.container, spec.attempt, owner),
      [label.sandbox]: spec.sandboxId,
    },
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    ...(spec.command ? { Entrypoint: [...spec.command] } : {}),
    ...(spec.args ? { Cmd: [...spec.args] } : {}),
    ...(spec.workingDir ? { WorkingDir: spec.workingDir } : {}),
    ...(security.user === undefined ? {} : { User: security.user }),
    OpenStdin: spec.stdin,
    StdinOnce: spec.stdinOnce,
    Tty: spec.tty,
    ...(spec.stopSignal ? { StopSignal: spec.stopSignal } : {}),
    HostConfig: {
      NetworkMode: sandbox,
      IpcMode: sandbox,
      ...processesOf(spec),
      Mounts: spec.mounts.map(mountOf),
      CpuShares: limits.cpuShares,
      OomScoreAdj: spec.oomScore,
      ...(limits.cpuMillisMax === undefined
        ? {}
        : { CpuPeriod: cpuPeriodMicros, CpuQuota: Math.max(1_000, limits.cpuMillisMax * 100) }),
      ...(limits.memoryBytesMax === undefined
        ? {}
        : { Memory: limits.memoryBytesMax, MemorySwap: limits.memoryBytesMax }),
      GroupAdd: security.supplementalGroups.map(String),
      ReadonlyRootfs: security.readOnlyRootFilesystem,
      Privileged: security.privileged,
      SecurityOpt: securityOptions(security),
      ...(security.unconfined.includes('proc') ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
      CapAdd: [...security.addCapabilities],
      CapDrop: [...security.dropCapabilities],
      LogConfig: logging,
    },
  }
}

function mountOf({ source, target, readOnly, propagation, nfs }: Mount) {
  const common = { Target: target, ReadOnly: readOnly }
  if (nfs === undefined) {
    const passing = propagation && { BindOptions: { Propagation: propagations[propagation] } }
    return { Type: 'bind' as const, Source: source, ...common, ...passing }
  }
  // An anonymous volume is removed with its container.
  const device = {
    type: 'nfs',
    o: [`addr=${nfs.server}`, ...nfs.options].join(),
    device: `:${nfs.path}`,
  }
  const driver = { Name: 'local', Options: device }
  const options = { NoCopy: true, Labels: {}, DriverConfig: driver }
  return { Type: 'volume' as const, Source: '', ...common, VolumeOptions: options }
}

function processesOf({ processes, sandboxId }: ContainerSpec): { PidMode?: string } {
  if (typeof processes === 'object') return { PidMode: `container:${processes.of}` }
  const modes = {
    Own: {},
    Sandbox: { PidMode: `container:${sandboxId}` },
    Host: { PidMode: 'host' },
  }
  return modes[processes]
}

function securityOptions({ noNewPrivileges, unconfined }: ContainerSecurity): string[] {
  return [
    ...(noNewPrivileges ? ['no-new-privileges'] : []),
    ...unconfined.filter((each) => each !== 'proc').map((each) => `${each}=unconfined`),
  ]
}

/** For engines that cannot grant every capability themselves: all that such an engine has. */
export function nearlyPrivileged(options: ContainerCreateOptions): ContainerCreateOptions {
  const hostConfig = {
    ...options.HostConfig,
    Privileged: false,
    CapAdd: ['ALL'],
    CapDrop: ['SYS_RESOURCE'],
  }
  return { ...options, HostConfig: hostConfig }
}

function labelsOf(
  pod: PodIdentity,
  container: string,
  attempt: number,
  owner: Owner,
): Record<string, string> {
  return {
    [label.cluster]: owner.cluster,
    [label.node]: owner.node,
    [label.uid]: pod.uid,
    [label.name]: pod.name,
    [label.namespace]: pod.namespace,
    [label.container]: container,
    [label.attempt]: `${attempt}`,
  }
}
