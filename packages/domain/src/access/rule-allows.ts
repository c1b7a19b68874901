import type { PolicyRule } from '@reckon/kubernetes'
import type { Access } from './access.ts'

const all = '*'

/** Whether one rule of a role allows this, as upstream's `rbac.RuleAllows` decides. */
export function ruleAllows(rule: PolicyRule, access: Access): boolean {
  if (!hasOrAll(rule.verbs, access.verb)) return false
  if ('path' in access) return (rule.nonResourceURLs ?? []).some((url) => covers(url, access.path))
  const { resource, subresource, name } = access
  const { apiGroups = [], resources = [], resourceNames = [] } = rule
  return (
    hasOrAll(apiGroups, resource.group) &&
    namesResource(resources, resource.plural, subresource) &&
    (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name)))
  )
}

const hasOrAll = (values: readonly string[] = [], value: string): boolean =>
  values.includes(all) || values.includes(value)

/** Matches `pods/log`, everything, or one subresource of everything. */
function namesResource(
  resources: readonly string[],
  plural: string,
  subresource: string | undefined,
): boolean {
  if (subresource === undefined) return hasOrAll(resources, plural)
  return (
    hasOrAll(resources, `${plural}/${subresource}`) || resources.includes(`${all}/${subresource}`)
  )
}

/** Matches a path or, with a final `*`, all paths with that prefix. */
const covers = (url: string, path: string): boolean =>
  url === path || (url.endsWith(all) && path.startsWith(url.slice(0, -1)))
