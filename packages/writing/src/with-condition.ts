import type { PodCondition, PodStatus } from '@reckon/kubernetes'

/** The status with one condition replaced or added. */
export function withCondition(status: PodStatus = {}, condition: PodCondition): PodStatus {
  const others = status.conditions?.filter(({ type }) => type !== condition.type) ?? []
  return { ...status, conditions: [...others, condition] }
}
