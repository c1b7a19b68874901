import { type Node, type NodeCondition, secondsOf } from '@reckon/kubernetes'
import { publicKeyAnnotation } from '@reckon/node-plane'
import type { AgentConfiguration } from './configuration.ts'
import type { RuntimeFacts } from './runtime.ts'

/** What the node is now. `facts` are the last that the engine gave; `trouble` says why it can run nothing. */
export type NodeSight = {
  configuration: AgentConfiguration
  facts: RuntimeFacts
  trouble: string | undefined
  /** The Node as it is recorded. */
  recorded: Node | undefined
  nowMs: number
  /** To which Secrets are sealed. */
  publicKey: string | undefined
}

const podsMax = 110
/** Clients read a Kubernetes version from here: that of the API which the node belongs to. */
const version = 'v1.33.0-reckon'

/** The Node as its agent reports it. Pure: nothing in it moves while nothing changes. */
export function nodeObject(sight: NodeSight): Node {
  const { configuration, facts, publicKey } = sight
  const { nodeName, nodeIP, podCidr } = configuration
  const resources = {
    cpu: `${facts.cpus}`,
    memory: `${Math.floor(facts.memoryBytes / 1024)}Ki`,
    pods: `${podsMax}`,
  }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: nodeName,
      labels: labelsOf(nodeName, facts),
      ...(publicKey && { annotations: { [publicKeyAnnotation]: publicKey } }),
    },
    spec: { podCIDR: podCidr, podCIDRs: [podCidr] },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address: nodeIP },
        { type: 'Hostname', address: nodeName },
      ],
      conditions: conditionsOf(sight),
      nodeInfo: nodeInfoOf(sight),
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

function nodeInfoOf({ facts, configuration }: NodeSight) {
  return {
    architecture: facts.architecture,
    bootID: configuration.machineBootId,
    containerRuntimeVersion: facts.containerRuntimeVersion,
    kernelVersion: facts.kernelVersion,
    kubeProxyVersion: version,
    kubeletVersion: version,
    machineID: configuration.machineId,
    operatingSystem: 'linux',
    osImage: facts.osImage,
    systemUUID: configuration.machineId,
  }
}

function conditionsOf({ trouble, recorded, nowMs }: NodeSight): NodeCondition[] {
  const fine = [
    ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ].map(([type = '', reason = '', message = '']) => ({ type, status: 'False', reason, message }))
  const ready =
    trouble === undefined
      ? { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
      : { status: 'False', reason: 'KubeletNotReady', message: trouble }
  return [...fine, { type: 'Ready', ...ready }].map((condition) => {
    const before = recorded?.status?.conditions?.find(({ type }) => type === condition.type)
    const isSame = before?.status === condition.status && before.lastTransitionTime
    const lastTransitionTime = isSame ? before.lastTransitionTime : secondsOf(nowMs)
    // Heartbeats are recorded nowhere: the last that is told of is the one that told of the condition.
    const lastHeartbeatTime = lastTransitionTime
    return { ...condition, lastHeartbeatTime, lastTransitionTime } as NodeCondition
  })
}
