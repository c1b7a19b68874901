import { uncoveredRules } from '@reckon/domain'
import { type DefaultRole, isDeepEqual } from '@reckon/kubernetes'

/** The next step for one of the default roles and bindings. */
export type Step =
  | { type: 'CreateRole'; role: DefaultRole }
  | { type: 'ChangeRole'; current: DefaultRole; wanted: DefaultRole }

/** An object with this annotation set to `false` is left alone. */
const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate'

/**
 * Creates what is missing: whole objects, missing rules of a role, and missing subjects of a binding. Additional ones
 * may stay. Pure.
 */
export function plan(current: DefaultRole | undefined, role: DefaultRole): readonly Step[] {
  if (current === undefined) return [{ type: 'CreateRole', role }]
  if (current.metadata.annotations?.[autoUpdate] === 'false') return []
  const wanted = withSubjects(withRules(current, role), role)
  return isDeepEqual(current, wanted) ? [] : [{ type: 'ChangeRole', current, wanted }]
}

/** The rules of an aggregated role are computed by the aggregation. */
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
