import {
  type FieldError,
  invalidValue,
  notSupported,
  referred,
  required,
  type Schema,
} from '@reckon/kubernetes'
import type { Plugin } from '../framework.ts'
import { interPodAffinityWith } from '../plugins/inter-pod-affinity.ts'
import { nodeAffinityWith } from '../plugins/node-affinity.ts'
import { nodeResourcesBalancedAllocationWith } from '../plugins/node-resources-balanced-allocation.ts'
import type { WeightedResource } from '../plugins/resource-scores.ts'
import { decoded, type Reading } from './decoded.ts'
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
}

function interPodAffinityFrom(args: unknown, reading: Reading): Plugin {
  const { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false } = decoded<{
    hardPodAffinityWeight?: number
    ignorePreferredTermsOfExistingPods?: boolean
  }>(interPodAffinitySchema, args, reading)
  if (hardPodAffinityWeight < 0 || hardPodAffinityWeight > 100) {
    const field = `${reading.path}.hardPodAffinityWeight`
    reading.problems.push(invalidValue(field, hardPodAffinityWeight, 'not in valid range [0-100]'))
  }
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
  const { resources = basic } = decoded<{ resources?: readonly WeightedResource[] }>(
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

const basic = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
]
const text: Schema = { type: 'string' }
const whole: Schema = { type: 'integer', format: 'int32' }
const named = { apiVersion: text, kind: text }

const interPodAffinitySchema: Schema = {
  properties: {
    ...named,
    hardPodAffinityWeight: whole,
    ignorePreferredTermsOfExistingPods: { type: 'boolean' },
  },
}
const nodeAffinitySchema: Schema = {
  properties: { ...named, addedAffinity: referred('io.k8s.api.core.v1.NodeAffinity') },
}
const balancedSchema: Schema = {
  properties: { ...named, resources: { items: { properties: { name: text, weight: whole } } } },
}
