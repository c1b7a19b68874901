import { hasCondition, type JobStatus, secondsOf } from '@reckon/kubernetes'

export type Condition = NonNullable<JobStatus['conditions']>[number]
export type Statement = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

/** The condition that says that a Job is finished, if it is. */
export const finalCondition = (status: JobStatus | undefined): Condition | undefined =>
  status?.conditions?.find(
    ({ type }) => (type === 'Complete' || type === 'Failed') && hasCondition(status, type),
  )

/** The conditions with one more statement; an unchanged one keeps its time. */
export function stated(
  conditions: readonly Condition[],
  statement: Statement,
  nowMs: number,
): readonly Condition[] {
  const before = conditions.find(({ type }) => type === statement.type)
  if (before?.status === statement.status) return conditions
  const now = secondsOf(nowMs)
  const condition = { ...statement, lastProbeTime: now, lastTransitionTime: now }
  return [...conditions.filter((each) => each !== before), condition]
}
