import { type DeploymentStatus, secondsOf } from '@reckon/kubernetes'

export type Condition = NonNullable<DeploymentStatus['conditions']>[number]

/** A condition to set. */
export type Statement = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

export const conditionIn = (status: DeploymentStatus, type: string): Condition | undefined =>
  status.conditions?.find((condition) => condition.type === type)

/** The condition with its times: an unchanged one keeps them, unless its update time is to be renewed. */
export function conditionOf(
  before: DeploymentStatus,
  statement: Statement,
  { nowMs, renew = false }: { nowMs: number; renew?: boolean },
): Condition {
  const known = conditionIn(before, statement.type)
  const isSame = known?.status === statement.status && known.reason === statement.reason
  if (known && isSame && !renew) return known
  const now = secondsOf(nowMs)
  const since = known?.status === statement.status ? known.lastTransitionTime : undefined
  return { ...statement, lastUpdateTime: now, lastTransitionTime: since ?? now }
}
