import { type Container, cpuMillis, memoryBytes, type Pod } from '@reckon/kubernetes'
import type { ContainerLimits, ContainerSpec, Mount } from '../runtime/runtime.ts'
import { expandVariables } from './expand-variables.ts'
import { identityOf } from './sandbox-spec.ts'
import { securityOf } from './security.ts'

const cpuSharesMin = 2

/** The runtime's specification of one attempt of a container. */
export function containerSpec(
  pod: Pod,
  container: Container,
  start: {
    attempt: number
    sandboxId: string
    env: Record<string, string>
    mounts: readonly Mount[]
    oomScore: number
    /** The id of the container whose processes an ephemeral one shares. */
    target?: string | undefined
  },
): ContainerSpec {
  const { target, ...made } = start
  const expand = (text: string) => expandVariables(text, start.env)
  return {
    pod: identityOf(pod),
    container: container.name,
    image: container.image ?? '',
    ...made,
    ...(container.command?.length ? { command: container.command.map(expand) } : {}),
    ...(container.args?.length ? { args: container.args.map(expand) } : {}),
    ...(container.workingDir ? { workingDir: container.workingDir } : {}),
    stdin: container.stdin === true,
    stdinOnce: container.stdinOnce === true,
    tty: container.tty === true,
    ...(container.lifecycle?.stopSignal ? { stopSignal: container.lifecycle.stopSignal } : {}),
    limits: limitsOf(container),
    security: securityOf(pod, container),
    processes: target === undefined ? processesOf(pod) : { of: target },
  }
}

const processesOf = ({ spec }: Pod): ContainerSpec['processes'] =>
  spec.hostPID ? 'Host' : spec.shareProcessNamespace ? 'Sandbox' : 'Own'

/** CPU shares follow the request, or the limit where there is none; quota and memory follow the limits. */
function limitsOf({ resources = {} }: Container): ContainerLimits {
  const { requests = {}, limits = {} } = resources
  const cpu = requests.cpu ?? limits.cpu
  return {
    cpuShares: Math.max(
      cpuSharesMin,
      cpu === undefined ? 0 : Math.floor((cpuMillis(cpu) * 1024) / 1000),
    ),
    ...(limits.cpu === undefined ? {} : { cpuMillisMax: cpuMillis(limits.cpu) }),
    ...(limits.memory === undefined ? {} : { memoryBytesMax: memoryBytes(limits.memory) }),
  }
}
