import { countedBy, type QuotaClaim } from '@reckon/domain'
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
 * What came into being under claims never exceeds a quota, however many processes write at once. Who began before there was
 * the quota claims nothing.
 */
export function quotas({ history }: World): Checker {
  const claimed = new Set<string>()
  const living = new Map<string, KubernetesObject>()
  const check = (quota: ResourceQuota): void => {
    const { namespace, name } = quota.metadata
    const used: Record<string, string> = {}
    for (const object of living.values()) {
      if (object.metadata.namespace !== namespace) continue
      const counted = countedBy(quota, history.objects.resources.of(object), object)
      for (const [what, amount] of Object.entries(counted)) {
        used[what] = addQuantities(used[what] ?? '0', amount)
      }
    }
    for (const [what, most] of Object.entries(quota.spec.hard ?? {})) {
      if (compareQuantities(used[what] ?? '0', most) <= 0) continue
      const is = `${used[what]} of ${most} ${what} in ${namespace}`
      throw new Violation('a quota is never exceeded', `${name}: ${is}`)
    }
  }
  return {
    onRecorded({ event, change }) {
      if (event.type === 'QuotaReserved') claimed.add((event.data as QuotaClaim).uid)
      const { metadata } = change?.stored.object ?? {}
      if (change === undefined || !claimed.has(metadata?.uid ?? '')) return
      if (change.type === 'DELETED') living.delete(metadata?.uid ?? '')
      else living.set(metadata?.uid ?? '', change.stored.object)
      if (change.type !== 'ADDED') return
      for (const { object } of history.objects.list(resourceQuotas, metadata?.namespace)) {
        check(object)
      }
    },
  }
}
