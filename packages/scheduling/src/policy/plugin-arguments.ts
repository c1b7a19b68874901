import { type FieldError, notSupported, referred, required } from '@reckon/kubernetes'
import type { Plugin } from '../framework.ts'
import { interPodAffinityWith } from '../plugins/inter-pod-affinity.ts'
import { nodeAffinityWith } from '../plugins/node-affinity.ts'
import { nodeResourcesBalancedAllocationWith } from '../plugins/node-resources-balanced-allocation.ts'
import { cpuAndMemory, type WeightedResource } from '../plugins/resource-scores.ts'
import { argumentsSchema, int32, outside, resourcesSchema } from './arguments.ts'
import { decoded, type Reading } from './decoded.ts'
import { defaultPreemptionFrom } from './default-preemption-arguments.ts'
import { nodeResourcesFitFrom } from './node-resources-fit-arguments.ts'
import { podTopologySpreadFrom } from './pod-topology-spread-arguments.ts'

type NodeAffinity = Parameters<typeof nodeAffinityWith>[0]

/** Makes a plugin as its arguments in a profile say. */
export const configurable: Readonly<Record<string, (args: unknown, reading: Reading) => Plugin>> = {
  NodeResourcesFit: nodeResourcesFitFrom,
  PodTopologySpread: podTopologySpreadFrom,
  NodeResourcesBalancedAllocation: nodeResourcesBalancedAllocationFrom,
  NodeAffinity: nodeAffinityFrom,
  InterPodAffinity: interPodAffinityFrom,
  DefaultPreemption: defaultPreemptionFrom,
}

function interPodAffinityFrom(args: unknown, reading: Reading): Plugin {
  const { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false } = decoded<{
    hardPodAffinityWeight?: number
    ignorePreferredTermsOfExistingPods?: boolean
  }>(interPodAffinitySchema, args, reading)
  const field = `${reading.path}.hardPodAffinityWeight`
  reading.problems.push(...outside(field, hardPodAffinityWeight, [0, 100]))
  return interPodAffinityWith({ hardPodAffinityWeight, ignorePreferredTermsOfExistingPods })
}

function nodeAffinityFrom(args: unknown, reading: Reading): Plugin {
  const { addedAffinity = {} } = decoded<{ addedAffinity?: NodeAffinity }>(
    nodeAffinitySchema,
    args,
    reading,
  )
  return nodeAffinityWith(addedAffinity)
}

function nodeResourcesBalancedAllocationFrom(args: unknown, reading: Reading): Plugin {
  const { resources = cpuAndMemory } = decoded<{ resources?: readonly WeightedResource[] }>(
    balancedSchema,
    args,
    reading,
  )
  const problems = resources.flatMap(({ name, weight }, index): FieldError[] => {
    const field = `${reading.path}.resources[${index}]`
    if (!name) return [required(`${field}.name`)]
    return (weight ?? 1) === 1 ? [] : [notSupported(`${field}.weight`, weight, ['1'])]
  })
  reading.problems.push(...problems)
  return nodeResourcesBalancedAllocationWith(resources.map(({ name }) => name))
}

const interPodAffinitySchema = argumentsSchema({
  hardPodAffinityWeight: int32,
  ignorePreferredTermsOfExistingPods: { type: 'boolean' },
})
const nodeAffinitySchema = argumentsSchema({
  addedAffinity: referred('io.k8s.api.core.v1.NodeAffinity'),
})
const balancedSchema = argumentsSchema({ resources: resourcesSchema })
