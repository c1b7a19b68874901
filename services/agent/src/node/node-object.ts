import {
  conditionOf,
  type Node,
  type NodeCondition,
  secondsOf,
  servedVersion,
} from '@reckon/kubernetes'
import { publicKeyAnnotation } from '@reckon/node-plane'
import type { AgentConfiguration } from '../configuration.ts'
import type { RuntimeFacts } from '../runtime/runtime.ts'
import { capacityOf } from './node-capacity.ts'

/** The state of the node. `facts` are the engine's latest, if any; `trouble` is why the node cannot run anything. */
export type ObservedNode = {
  configuration: AgentConfiguration
  nodeIP: string
  facts: RuntimeFacts | undefined
  trouble: string | undefined
  isShortOfMemory: boolean
  isShortOfDisk: boolean
  /** Whether nothing remains of pods that must not run here any more. */
  isTidy: boolean
  /** The Node as it is recorded. */
  recorded: Node | undefined
  nowMs: number
  /** The key to which Secrets are sealed. */
  publicKey: string | undefined
}

/** The Node as its agent reports it. Pure, and unchanged while nothing changes. */
export function nodeObject(observed: ObservedNode): Node {
  const { configuration, nodeIP, facts, publicKey, recorded } = observed
  const { nodeName, hugePages = {} } = configuration
  const conditions = conditionsOf(observed)
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: nodeName,
      ...(facts && { labels: labelsOf(nodeName, facts) }),
      ...(publicKey && { annotations: { [publicKeyAnnotation]: publicKey } }),
    },
    spec: {},
    // Until the engine has answered, its facts stay as they are recorded.
    status:
      facts === undefined
        ? { ...recorded?.status, conditions }
        : {
            ...capacityOf(facts, hugePages, recorded),
            addresses: [
              { type: 'InternalIP', address: nodeIP },
              { type: 'Hostname', address: nodeName },
            ],
            conditions,
            nodeInfo: nodeInfoOf(facts, configuration),
          },
  }
}

const labelsOf = (nodeName: string, { architecture }: RuntimeFacts): Record<string, string> => ({
  'kubernetes.io/hostname': nodeName,
  'kubernetes.io/os': 'linux',
  'kubernetes.io/arch': architecture,
  'beta.kubernetes.io/os': 'linux',
  'beta.kubernetes.io/arch': architecture,
  'node.kubernetes.io/instance-type': 'reckon',
})

function nodeInfoOf(facts: RuntimeFacts, configuration: AgentConfiguration) {
  return {
    architecture: facts.architecture,
    bootID: configuration.machineBootId,
    containerRuntimeVersion: facts.containerRuntimeVersion,
    kernelVersion: facts.kernelVersion,
    // Clients read a Kubernetes version here: that of the node's API.
    kubeProxyVersion: servedVersion.gitVersion,
    kubeletVersion: servedVersion.gitVersion,
    machineID: configuration.machineId,
    operatingSystem: 'linux',
    osImage: facts.osImage,
    systemUUID: configuration.machineId,
  }
}

/** Why a node without a range runs no pods with their own network; upstream's node IPAM gives the reason. */
const noRangeReason = 'CIDRNotAvailable'
export const noRange = (nodeName: string): string =>
  `node ${nodeName} has no range of addresses for its pods`

/** Whether the cluster considers the node's state unknown. */
export const isGivenUp = (node: Node | undefined): boolean =>
  conditionOf(node?.status, 'Ready')?.status === 'Unknown'

function conditionsOf(observed: ObservedNode): NodeCondition[] {
  const { configuration, trouble, recorded, nowMs, isTidy } = observed
  // A node that was given up first ends what it still runs, which is running elsewhere by now.
  const known = recorded?.status?.conditions
  if (!isTidy && known && isGivenUp(recorded)) return known
  const isRangeless = recorded !== undefined && !recorded.spec.podCIDR
  const message = `${noRange(configuration.nodeName)}: none is left in the cluster's`
  const unavailable = { status: 'True', reason: noRangeReason, message }
  const network = isRangeless ? [{ type: 'NetworkUnavailable', ...unavailable }] : []
  const against =
    trouble ?? (isRangeless ? `container runtime network not ready: ${message}` : undefined)
  const ready =
    against === undefined
      ? { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
      : { status: 'False', reason: 'KubeletNotReady', message: against }
  const memory = observed.isShortOfMemory
    ? ['True', 'KubeletHasInsufficientMemory', 'kubelet has insufficient memory available']
    : ['False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available']
  const disk = observed.isShortOfDisk
    ? ['True', 'KubeletHasDiskPressure', 'kubelet has disk pressure']
    : ['False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure']
  const shortages = [
    ['MemoryPressure', ...memory],
    ['DiskPressure', ...disk],
    ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ].map(([type = '', status = '', reason = '', message = '']) => ({
    type,
    status,
    reason,
    message,
  }))
  return [...network, ...shortages, { type: 'Ready', ...ready }].map((condition) => {
    const before = recorded?.status?.conditions?.find(({ type }) => type === condition.type)
    const since = before?.status === condition.status ? before.lastTransitionTime : undefined
    const lastTransitionTime = since ?? secondsOf(nowMs)
    // Heartbeats are not recorded: the last one stated here is the one with the condition.
    const lastHeartbeatTime = lastTransitionTime
    return { ...condition, lastHeartbeatTime, lastTransitionTime }
  })
}
