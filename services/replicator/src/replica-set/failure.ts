import { type ReplicaSetStatus, type StatusError, secondsOf } from '@reckon/kubernetes'

type Conditions = readonly NonNullable<ReplicaSetStatus['conditions']>[number][]

const type = 'ReplicaFailure'

/** The condition of a set whose pods are refused, as upstream; it keeps the message of the first refusal. */
export function withFailure(
  status: ReplicaSetStatus | undefined,
  { message }: StatusError,
  nowMs: number,
): ReplicaSetStatus {
  const { conditions = [], ...counts } = status ?? { replicas: 0 }
  if (conditions.some((condition) => condition.type === type)) return { ...counts, conditions }
  const lastTransitionTime = secondsOf(nowMs)
  const failure = { type, status: 'True', reason: 'FailedCreate', message, lastTransitionTime }
  return { ...counts, conditions: [...conditions, failure] }
}

/** The conditions of a set that has all its pods. */
export const withoutFailure = (conditions: Conditions): Conditions =>
  conditions.filter((condition) => condition.type !== type)
