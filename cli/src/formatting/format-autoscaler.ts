import type { ScalingDecision } from '@reckon/domain'
import type { HorizontalPodAutoscaler } from '@reckon/kubernetes'
import { table } from './table.ts'

/** A decision of an autoscaler, and when it was recorded (RFC 3339). */
export type Scaling = { time: string; decision: ScalingDecision }

type AutoscalerAnswer = {
  name: string
  autoscaler: HorizontalPodAutoscaler | undefined
  scalings: readonly Scaling[]
}

const earlierMax = 10

/** Explains why an autoscaler scales or does not: its present status, the last decision in full, and earlier ones. */
export function formatAutoscaler({ name, autoscaler, scalings }: AutoscalerAnswer): string {
  const newest = scalings.at(-1)
  const earlier = scalings.slice(0, -1).slice(-earlierMax).reverse()
  return [
    ...(autoscaler ? stateOf(name, autoscaler) : [`${name} is deleted`]),
    ...(newest ? ['', ...decided(newest)] : ['', 'It has never scaled']),
    ...(earlier.length > 0 ? ['', 'Before that', ...earlier.map(line)] : []),
  ].join('\n')
}

function stateOf(name: string, { spec, status }: HorizontalPodAutoscaler): string[] {
  const { kind, name: target } = spec.scaleTargetRef
  const { currentReplicas = 0, desiredReplicas = 0, conditions = [] } = status ?? {}
  const bounds = `${spec.minReplicas ?? 1} to ${spec.maxReplicas}`
  return [
    `${name} scales ${kind.toLowerCase()}/${target} from ${bounds}: ${currentReplicas} there are, ${desiredReplicas} are wanted`,
    ...conditions.map(({ type, status: is, message = '' }) => `  ${type} ${is}: ${message}`),
  ]
}

const line = ({ time, decision: { from, to, reason } }: Scaling): string =>
  `  ${time}  ${from} → ${to}: ${reason}`

function decided({ time, decision }: Scaling): string[] {
  const { from, to, reason, wanted, held = [], metrics } = decision
  const rows = metrics.map(({ name, current, target, replicas, unknown, pods }) => [
    name,
    `${current ?? '<unknown>'}/${target}`,
    replicas === undefined ? '-' : String(replicas),
    [
      `${pods.ready} ready`,
      ...(['unready', 'missing', 'ignored'] as const).flatMap((each) =>
        pods[each] > 0 ? [`${pods[each]} ${each}`] : [],
      ),
    ].join(', '),
    unknown ?? '',
  ])
  return [
    `Scaled ${from} → ${to} at ${time}: ${reason}`,
    ...(wanted !== undefined && wanted !== to ? [`The metrics wanted ${wanted}:`] : []),
    ...held.map((why) => `  ${why}`),
    ...(rows.length > 0 ? ['', table(['METRIC', 'IS/WANTED', 'REPLICAS', 'PODS', ''], rows)] : []),
  ]
}
