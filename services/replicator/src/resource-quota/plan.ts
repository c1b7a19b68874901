import { counts, type QuotaUse } from '@reckon/domain'
import type { Resource, ResourceQuota } from '@reckon/kubernetes'

/** The status of a quota: how much is used of each resource that any served kind counts for. Pure. */
export function quotaStatus(
  { quota, used }: QuotaUse,
  resources: readonly Resource[],
): NonNullable<ResourceQuota['status']> {
  const { hard = {} } = quota.spec
  const counted = Object.keys(hard).filter((name) => resources.some((each) => counts(each, name)))
  return { hard, used: Object.fromEntries(counted.map((name) => [name, used[name] ?? '0'])) }
}
