type Condition = { type: string; status: string }
type Conditions<Of extends Condition> = { conditions?: Of[] } | undefined

/** The condition of this type in a status, if there is one. */
export const conditionOf = <Of extends Condition>(
  status: Conditions<Of>,
  type: string,
): Of | undefined => status?.conditions?.find((condition) => condition.type === type)

/** Whether the condition is `True`: neither `False`, `Unknown` nor absent. */
export const hasCondition = (status: Conditions<Condition>, type: string): boolean =>
  conditionOf(status, type)?.status === 'True'

/** The reason why pods on an unreachable node are not ready, until their agent reports again. */
export const nodeNotReadyReason = 'NodeNotReady'

/** Of a pod: whether its containers serve. Of a node: whether it takes pods. */
export const isReady = (status: Conditions<Condition>): boolean => hasCondition(status, 'Ready')
