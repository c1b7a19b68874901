import { countedBy, type ObjectChange, type Objects, QuotaUsages } from '@reckon/domain'
import { isDeepEqual, namesOf, objectKey, resourceQuotas } from '@reckon/kubernetes'
import { type Context, type Controller, planFor } from '../controller.ts'
import { quotaStatus } from './plan.ts'

/** Changes by many creations are recorded together. */
const restMs = 100

/** ResourceQuotas: reports how much is used. They are enforced in the write path. */
export class ResourceQuotaController implements Controller {
  readonly name = 'resourcequota-controller'
  #usages: QuotaUsages | undefined

  keysOf({ type, resource, stored, before }: ObjectChange, objects: Objects): readonly string[] {
    const { namespace, uid } = stored.object.metadata
    if (!namespace) return []
    return objects.list(resourceQuotas, namespace).flatMap(({ object: quota }) => {
      const had = before ? countedBy(quota, resource, before.object) : {}
      const has = type === 'DELETED' ? {} : countedBy(quota, resource, stored.object)
      const isConcerned = quota.metadata.uid === uid || !isDeepEqual(had, has)
      return isConcerned ? [objectKey(quota.metadata)] : []
    })
  }

  follow(objects: Objects): () => void {
    const usages = new QuotaUsages(objects)
    this.#usages = usages
    return () => usages.end()
  }

  allKeys = (objects: Objects): readonly string[] =>
    objects.list(resourceQuotas).map(({ object }) => objectKey(object.metadata))

  async reconcile(key: string, { objects, writerFor, rest }: Context): Promise<undefined> {
    const [namespace, name] = namesOf(key)
    const stored = objects.get(resourceQuotas, namespace, name)
    if (stored === undefined) return
    const status = planFor(stored.object, () => {
      const use = this.#usages?.in(namespace).find(({ quota }) => quota.metadata.name === name)
      return use && quotaStatus(use, objects.resources.all)
    })
    if (status === undefined || isDeepEqual(stored.object.status, status)) return
    rest(restMs)
    await writerFor(stored).changeStatus(stored.object, status)
  }
}
