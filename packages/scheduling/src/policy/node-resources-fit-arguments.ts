import { invalidValue, notSupported, required } from '@reckon/kubernetes'
import type { Plugin } from '../framework.ts'
import { nodeResourcesFitWith } from '../plugins/node-resources-fit.ts'
import {
  cpuAndMemory,
  leastAllocated,
  mostAllocated,
  type ResourceScore,
  requestedToCapacityRatio,
  type ShapePoint,
  type WeightedResource,
} from '../plugins/resource-scores.ts'
import { argumentsSchema, int32, outside, resourcesSchema, text } from './arguments.ts'
import { decoded, type Reading } from './decoded.ts'

type Strategy = {
  readonly type?: string
  readonly resources?: readonly { readonly name?: string; readonly weight?: number }[]
  readonly requestedToCapacityRatio?: { readonly shape?: readonly Partial<ShapePoint>[] }
}
type Arguments = {
  readonly ignoredResources?: readonly string[]
  readonly ignoredResourceGroups?: readonly string[]
  readonly scoringStrategy?: Strategy
}

const strategies = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']

/** NodeResourcesFit as NodeResourcesFitArgs say. */
export function nodeResourcesFitFrom(args: unknown, reading: Reading): Plugin {
  const {
    ignoredResources = [],
    ignoredResourceGroups = [],
    scoringStrategy = {},
  } = decoded<Arguments>(schema, args, reading)
  const isIgnored = (resource: string) =>
    ignoredResources.includes(resource) ||
    ignoredResourceGroups.some((group) => resource.startsWith(`${group}/`))
  const at = { ...reading, path: `${reading.path}.scoringStrategy` }
  return nodeResourcesFitWith({ score: scoreOf(scoringStrategy, at), isIgnored })
}

function scoreOf(strategy: Strategy, { path, problems }: Reading): ResourceScore {
  const { type = 'LeastAllocated', requestedToCapacityRatio: ratio } = strategy
  const weighed = weighedOf(strategy, { path: `${path}.resources`, problems })
  if (ratio && type !== 'RequestedToCapacityRatio') {
    const detail = `means something only for type RequestedToCapacityRatio`
    problems.push(invalidValue(`${path}.requestedToCapacityRatio`, ratio, detail))
  }
  if (type === 'LeastAllocated') return leastAllocated(weighed)
  if (type === 'MostAllocated') return mostAllocated(weighed)
  const at = { path: `${path}.requestedToCapacityRatio.shape`, problems }
  if (type === 'RequestedToCapacityRatio') {
    return requestedToCapacityRatio(weighed, shapeOf(ratio?.shape ?? [], at))
  }
  problems.push(notSupported(`${path}.type`, type, strategies))
  return leastAllocated(weighed)
}

function weighedOf(
  { resources }: Strategy,
  { path, problems }: Reading,
): readonly WeightedResource[] {
  if (resources === undefined || resources.length === 0) {
    return cpuAndMemory
  }
  return resources.map(({ name = '', weight = 1 }, index) => {
    if (name === '') problems.push(required(`${path}[${index}].name`))
    problems.push(...outside(`${path}[${index}].weight`, weight, [1, 100]))
    return { name, weight }
  })
}

function shapeOf(
  points: readonly Partial<ShapePoint>[],
  { path, problems }: Reading,
): ShapePoint[] {
  if (points.length === 0) problems.push(required(path, 'at least one point'))
  let before = -1
  return points.map(({ utilization = 0, score = 0 }, index) => {
    const at = `${path}[${index}]`
    problems.push(
      ...outside(`${at}.utilization`, utilization, [0, 100]),
      ...outside(`${at}.score`, score, [0, 10]),
      ...(utilization > before
        ? []
        : [invalidValue(`${at}.utilization`, utilization, 'must be more than the one before')]),
    )
    before = utilization
    return { utilization, score }
  })
}

const schema = argumentsSchema({
  ignoredResources: { items: text },
  ignoredResourceGroups: { items: text },
  scoringStrategy: {
    properties: {
      type: text,
      resources: resourcesSchema,
      requestedToCapacityRatio: {
        properties: { shape: { items: { properties: { utilization: int32, score: int32 } } } },
      },
    },
  },
})
