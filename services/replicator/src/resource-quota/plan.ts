import { counts, type QuotaUse } from '@reckon/domain'
import type { Resource, ResourceQuota } from '@reckon/kubernetes'

/** What a quota says of itself: of what any served kind is counted under, how much is used. Pure. */
export function quotaStatus(
  { quota, used }: QuotaUse,
  resources: readonly Resource[],
): NonNullable<ResourceQuota['status']> {
  const { hard = {} } = quota.spec
  const counted = Object.keys(hard).filter((name) => resources.some((each) => counts(each, name)))
  return { hard, used: Object.fromEntries(counted.map((name) => [name, used[name] ?? '0'])) }
}
