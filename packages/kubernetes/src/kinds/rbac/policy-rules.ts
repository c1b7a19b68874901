import { type FieldError, invalidValue, required } from '../../field-error.ts'
import type { PolicyRule } from '../../object.ts'

/** The API group of roles, and of the users and groups they are bound to. */
export const rbacGroup = 'rbac.authorization.k8s.io'

/** What is wrong with a role's rules; a namespaced role says nothing of paths that belong to no namespace. */
export function validateRules(
  rules: readonly PolicyRule[] = [],
  { namespaced }: { namespaced: boolean },
): FieldError[] {
  return rules.flatMap((rule, index) => validateRule(rule, `rules[${index}]`, namespaced))
}

function validateRule(rule: PolicyRule, field: string, namespaced: boolean): FieldError[] {
  const { verbs = [], apiGroups = [], resources = [] } = rule
  const errors: FieldError[] = []
  if (verbs.length === 0) {
    errors.push(required(`${field}.verbs`, 'verbs must contain at least one value'))
  }
  const { nonResourceURLs: paths = [] } = rule
  if (paths.length > 0) return [...errors, ...validatePaths(rule, field, namespaced)]
  if (apiGroups.length === 0) {
    const detail = 'resource rules must supply at least one api group'
    errors.push(required(`${field}.apiGroups`, detail))
  }
  if (resources.length === 0) {
    errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'))
  }
  return errors
}

function validatePaths(rule: PolicyRule, field: string, namespaced: boolean): FieldError[] {
  const { nonResourceURLs: paths, apiGroups = [], resources = [], resourceNames = [] } = rule
  const refuse = (detail: string) => invalidValue(`${field}.nonResourceURLs`, paths, detail)
  const isOfResources = apiGroups.length + resources.length + resourceNames.length > 0
  return [
    ...(namespaced ? [refuse('namespaced rules cannot apply to non-resource URLs')] : []),
    ...(isOfResources
      ? [refuse('rules cannot apply to both regular resources and non-resource URLs')]
      : []),
  ]
}
