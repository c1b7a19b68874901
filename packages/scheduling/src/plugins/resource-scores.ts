import { scoreMax } from '../framework.ts'
import type { LoadWants } from '../state/pod-traits.ts'
import type { ResourceColumn, ResourceColumns } from '../state/resource-columns.ts'

/** A resource that is scored, and its weight. */
export type WeightedResource = { readonly name: string; readonly weight: number }

/** The default: CPU and memory, with equal weights. */
export const cpuAndMemory: readonly WeightedResource[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
]

/** Scores a node by the requests of its pods, for a pod with these requests. */
export type ResourceScore = (
  wants: LoadWants,
  resources: ResourceColumns,
) => (slot: number) => number

/** A point of a piecewise linear function: utilization in percent → score from 0 to 10. */
export type ShapePoint = { readonly utilization: number; readonly score: number }

type Rate = (requested: number, all: number) => number

/** The node with the most left over is best. After kube-scheduler's scoring strategy of that name. */
export const leastAllocated = (weighed: readonly WeightedResource[]): ResourceScore =>
  meanOf(weighed, (requested, all) => Math.floor((Math.max(0, all - requested) * scoreMax) / all))

/** The node with the least left over is best. After kube-scheduler's scoring strategy of that name. */
export const mostAllocated = (weighed: readonly WeightedResource[]): ResourceScore =>
  meanOf(weighed, (requested, all) => Math.floor((Math.min(requested, all) * scoreMax) / all))

/**
 * The score of a node follows a function of how much is asked for. After kube-scheduler's scoring strategy of that
 * name: resources that score nothing do not lower the mean.
 */
export const requestedToCapacityRatio = (
  weighed: readonly WeightedResource[],
  shape: readonly ShapePoint[],
): ResourceScore => {
  const rate: Rate = (requested, all) =>
    onShape(shape, requested > all ? scoreMax : Math.floor((requested * scoreMax) / all))
  return (wants, resources) => {
    const rated = ratedBy(weighed, wants, resources)
    return (slot) => {
      const scored = rated
        .map((each) => ({ weight: each.weight, score: scoreAt(slot, each, rate) }))
        .filter(({ score }) => score > 0)
      const weights = scored.reduce((sum, { weight }) => sum + weight, 0)
      const total = scored.reduce((sum, { weight, score }) => sum + weight * score, 0)
      return weights === 0 ? 0 : Math.round(total / weights)
    }
  }
}

const meanOf =
  (weighed: readonly WeightedResource[], rate: Rate): ResourceScore =>
  (wants, resources) => {
    const rated = ratedBy(weighed, wants, resources)
    const weights = Math.max(
      1,
      rated.reduce((sum, { weight }) => sum + weight, 0),
    )
    return (slot) => {
      let total = 0
      for (const each of rated) total += each.weight * scoreAt(slot, each, rate)
      return Math.floor(total / weights)
    }
  }

/** What a pod wants of one resource. */
type Rated = {
  readonly weight: number
  readonly wanted: number
  readonly column: ResourceColumn
  /** Whether pods without a request count with a small amount. */
  readonly isBasic: boolean
}

/** Other resources than CPU and memory are scored only for pods that request them. */
const ratedBy = (
  weighed: readonly WeightedResource[],
  wants: LoadWants,
  resources: ResourceColumns,
): readonly Rated[] =>
  weighed.flatMap(({ name, weight }) => {
    const isBasic = name === 'cpu' || name === 'memory'
    const wanted = (isBasic ? wants.scoringRequests : wants.requests)[name] ?? 0
    if (!isBasic && wanted === 0) return []
    return [{ weight, wanted, column: resources.of(name), isBasic }]
  })

function scoreAt(slot: number, { wanted, column, isBasic }: Rated, rate: Rate): number {
  const all = column.allocatable[slot] ?? 0
  if (all === 0) return 0
  const taken = (isBasic ? column.requestedForScoring : column.requested)[slot] ?? 0
  return rate(taken + wanted, all)
}

function onShape(shape: readonly ShapePoint[], utilization: number): number {
  let before: ShapePoint | undefined
  for (const point of shape) {
    if (utilization > point.utilization) {
      before = point
      continue
    }
    if (before === undefined) return point.score * shapeScale
    const rise = (point.score - before.score) * shapeScale * (utilization - before.utilization)
    const width = point.utilization - before.utilization
    return before.score * shapeScale + Math.trunc(rise / width)
  }
  return (shape.at(-1)?.score ?? 0) * shapeScale
}

/** The highest score of a shape's point. */
const shapeScale = scoreMax / 10
