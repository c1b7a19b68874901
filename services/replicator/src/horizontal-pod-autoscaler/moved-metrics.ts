import { cpuMillis, type HorizontalPodAutoscaler, unitsOf } from '@reckon/kubernetes'
import { type MetricStatus, targetOf } from './metrics.ts'

type MetricSpec = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number]

/** Upstream's tolerance: within it nothing is scaled. */
const tolerance = 0.1

/**
 * Whether metric values are worth recording: the metrics are different ones, or one moved by more than a tenth of
 * itself or of its target, whichever is more. Exact values always differ.
 */
export function haveMoved(
  told: readonly MetricStatus[],
  seen: readonly MetricStatus[],
  specs: readonly MetricSpec[],
): boolean {
  const hasMoved = (is: MetricStatus, index: number) => {
    const was = told[index]
    const spec = specs.find((each) => idOf(each) === idOf(is))
    return was === undefined || idOf(was) !== idOf(is) || !isNear(was, is, spec)
  }
  return told.length !== seen.length || seen.some(hasMoved)
}

function isNear(was: MetricStatus, is: MetricStatus, spec: MetricSpec | undefined): boolean {
  const source = sourceOf(spec)
  const target = source && targetOf({ resource: source.name }, source.target)
  const isUtilization = target !== undefined && 'utilization' in target
  const [before, now] = [was, is].map((metric) => amountOf(metric, isUtilization))
  if (before === undefined || now === undefined) return before === now
  const wanted =
    target === undefined ? 0 : 'utilization' in target ? target.utilization : target.value
  return before === now || Math.abs(now - before) < tolerance * Math.max(before, now, wanted)
}

const sourceOf = (metric: MetricSpec | undefined) => metric?.resource ?? metric?.containerResource

function amountOf(
  { resource, containerResource }: MetricStatus,
  isUtilization: boolean,
): number | undefined {
  const { name = '', current } = resource ?? containerResource ?? {}
  if (isUtilization) return current?.averageUtilization
  const { averageValue } = current ?? {}
  if (averageValue === undefined) return undefined
  return name === 'cpu' ? cpuMillis(averageValue) : unitsOf(averageValue)
}

const idOf = ({ type, resource, containerResource }: MetricSpec | MetricStatus): string =>
  [type, (resource ?? containerResource)?.name, containerResource?.container].join(' ')
