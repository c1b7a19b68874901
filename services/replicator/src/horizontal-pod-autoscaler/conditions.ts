import { type HorizontalPodAutoscaler, secondsOf } from '@reckon/kubernetes'

type Status = NonNullable<HorizontalPodAutoscaler['status']>
type Condition = NonNullable<Status['conditions']>[number]

/** A condition to set. */
export type Statement = {
  readonly type: 'AbleToScale' | 'ScalingActive' | 'ScalingLimited'
  readonly isTrue: boolean
  readonly reason: string
  readonly message: string
}

/** The conditions with the new statements; others stay. A time changes only when a status does. */
export function conditionsWith(
  before: readonly Condition[],
  statements: readonly Statement[],
  nowMs: number,
): Condition[] {
  const said = new Map(before.map((condition) => [condition.type, condition]))
  for (const { type, isTrue, reason, message } of statements) {
    const known = said.get(type)
    const status = isTrue ? 'True' : 'False'
    const lastTransitionTime =
      known?.status === status ? known.lastTransitionTime : secondsOf(nowMs)
    said.set(type, {
      type,
      status,
      ...(lastTransitionTime && { lastTransitionTime }),
      reason,
      message,
    })
  }
  return [...said.values()]
}
