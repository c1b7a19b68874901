type Condition = { type: string; status: string }
type Conditions<Of extends Condition> = { conditions?: Of[] } | undefined

/** What a status says under this type of condition; undefined where it says nothing. */
export const conditionOf = <Of extends Condition>(
  status: Conditions<Of>,
  type: string,
): Of | undefined => status?.conditions?.find((condition) => condition.type === type)

/** Whether a status says that it is so: neither `False` nor `Unknown`, nor nothing. */
export const hasCondition = (status: Conditions<Condition>, type: string): boolean =>
  conditionOf(status, type)?.status === 'True'

/** Why a pod is not ready whose node is unreachable; its agent tells how it is when it is back. */
export const nodeNotReadyReason = 'NodeNotReady'

/** Of a pod: whether its containers serve. Of a node: whether it takes pods. */
export const isReady = (status: Conditions<Condition>): boolean => hasCondition(status, 'Ready')
