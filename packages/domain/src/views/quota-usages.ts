import { isDeepEqual, type ResourceQuota, resourceQuotas } from '@reckon/kubernetes'
import { type Amounts, differenceOf, sumOf } from '../amounts.ts'
import { boundsOf, countedBy } from '../quota/counted-by.ts'
import type { QuotaUse } from '../quota/decide-claims.ts'
import type { ObjectChange, Objects } from './objects.ts'

/** What is used of each quota, by the quota's uid. */
type UseByQuota = Map<string, QuotaUse>

/**
 * What the objects of a view use of each quota. It is computed on first use and then kept up to date; without quotas
 * changes cost nothing.
 */
export class QuotaUsages {
  readonly #view: Objects
  readonly #byNamespace = new Map<string, UseByQuota>()
  readonly #end: () => void

  constructor(view: Objects) {
    this.#view = view
    this.#end = view.subscribe((change) => this.#apply(change))
  }

  /** The quotas of a namespace, by name. */
  in(namespace: string): readonly QuotaUse[] {
    const known = this.#byNamespace.get(namespace)
    const quotas = this.#view.list(resourceQuotas, namespace).map(({ object }) => object)
    const uses = quotas.map((quota) => this.#useOf(quota, known?.get(quota.metadata.uid ?? '')))
    if (uses.length === 0) this.#byNamespace.delete(namespace)
    else
      this.#byNamespace.set(
        namespace,
        new Map(uses.map((use) => [use.quota.metadata.uid ?? '', use])),
      )
    return uses
  }

  /** Stops following the view. */
  end(): void {
    this.#end()
  }

  #useOf(quota: ResourceQuota, before: QuotaUse | undefined): QuotaUse {
    const isKept = before !== undefined && isDeepEqual(before.quota.spec, quota.spec)
    return { quota, used: isKept ? before.used : this.#count(quota) }
  }

  #count(quota: ResourceQuota): Amounts {
    const namespace = quota.metadata.namespace ?? ''
    let used: Amounts = {}
    for (const resource of this.#view.resources.all) {
      if (boundsOf(quota, resource).length === 0) continue
      for (const { object } of this.#view.scan(resource, { namespace })) {
        used = sumOf(used, countedBy(quota, resource, object))
      }
    }
    return used
  }

  #apply({ type, resource, stored, before }: ObjectChange): void {
    const { namespace = '' } = stored.object.metadata
    const known = this.#byNamespace.get(namespace)
    if (known === undefined) return
    for (const [each, { quota, used }] of known) {
      const had = before ? countedBy(quota, resource, before.object) : {}
      const has = type === 'DELETED' ? {} : countedBy(quota, resource, stored.object)
      if (isDeepEqual(had, has)) continue
      known.set(each, { quota, used: differenceOf(sumOf(used, has), had) })
    }
  }
}
