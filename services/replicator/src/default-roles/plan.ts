import { uncoveredRules } from '@reckon/domain'
import { type DefaultRole, isDeepEqual } from '@reckon/kubernetes'

/** What the controller does about one of the default roles and bindings. */
export type Step =
  | { type: 'CreateRole'; role: DefaultRole }
  | { type: 'ChangeRole'; current: DefaultRole; wanted: DefaultRole }

/** An object that says `false` here stays as it was made. */
const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate'

/**
 * What is missing comes; a role gets the rules that it lacks and a binding its subjects. More than these may be there.
 * Pure.
 */
export function plan(current: DefaultRole | undefined, role: DefaultRole): readonly Step[] {
  if (current === undefined) return [{ type: 'CreateRole', role }]
  if (current.metadata.annotations?.[autoUpdate] === 'false') return []
  const wanted = withSubjects(withRules(current, role), role)
  return isDeepEqual(current, wanted) ? [] : [{ type: 'ChangeRole', current, wanted }]
}

/** What an aggregated role may do is the aggregation's to say. */
function withRules(current: DefaultRole, { rules = [] }: DefaultRole): DefaultRole {
  const held = current.rules ?? []
  const isComplete = uncoveredRules(rules, held).length === 0
  return isComplete ? current : { ...current, rules: [...held, ...rules] }
}

function withSubjects(current: DefaultRole, { subjects = [] }: DefaultRole): DefaultRole {
  const held = current.subjects ?? []
  const missing = subjects.filter((subject) => !held.some((each) => isDeepEqual(each, subject)))
  return missing.length === 0 ? current : { ...current, subjects: [...held, ...missing] }
}
