import { type Amounts, countedBy, type QuotaClaim } from '@reckon/domain'
import {
  addQuantities,
  compareQuantities,
  type KubernetesObject,
  type ResourceQuota,
  resourceQuotas,
} from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/**
 * Objects created or grown under claims never exceed a quota, however many processes write at once. Writes that began
 * before the quota existed claim nothing.
 */
export function quotas({ history }: World): Checker {
  const claimed = new Set<string>()
  const living = new Map<string, KubernetesObject>()
  const useOf = (quota: ResourceQuota, object: KubernetesObject | undefined): Amounts =>
    object ? countedBy(quota, history.objects.resources.of(object), object) : {}
  /** Of what it counts more of now, there is at most the limit. */
  const check = (quota: ResourceQuota, now: KubernetesObject, before?: KubernetesObject): void => {
    const { namespace, name } = quota.metadata
    const had = useOf(quota, before)
    const has = useOf(quota, now)
    const grown = Object.keys(has).filter(
      (what) => compareQuantities(has[what] ?? '0', had[what] ?? '0') > 0,
    )
    if (grown.length === 0) return
    const used = [...living.values()]
      .filter(({ metadata }) => metadata.namespace === namespace)
      .map((object) => useOf(quota, object))
      .reduce<Record<string, string>>((sum, each) => {
        for (const what of grown) sum[what] = addQuantities(sum[what] ?? '0', each[what] ?? '0')
        return sum
      }, {})
    for (const what of grown) {
      const most = quota.spec.hard?.[what]
      if (most === undefined || compareQuantities(used[what] ?? '0', most) <= 0) continue
      const is = `${used[what]} of ${most} ${what} in ${namespace}`
      throw new Violation('a quota is never exceeded', `${name}: ${is}`)
    }
  }
  return {
    onRecorded({ event, change }) {
      if (event.type === 'QuotaReserved') claimed.add((event.data as QuotaClaim).uid)
      if (change === undefined) return
      const { object: now } = change.stored
      const { uid = '', namespace } = now.metadata
      if (!claimed.has(uid)) return
      if (change.type === 'DELETED') {
        living.delete(uid)
        return
      }
      const before = living.get(uid)
      living.set(uid, now)
      for (const { object: quota } of history.objects.list(resourceQuotas, namespace)) {
        check(quota, now, before)
      }
    },
  }
}
