import {
  bootstrapTokenNamespace,
  isBootstrapToken,
  isOf,
  type KubernetesObject,
  secrets,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { plan } from './plan.ts'

/** Deletes expired bootstrap tokens, as upstream's token cleaner does. */
export const bootstrapTokenController: Controller = {
  name: 'token-cleaner',

  keysOf: ({ type, stored: { object } }) =>
    type !== 'DELETED' && isToken(object) ? [object.metadata.name] : [],

  allKeys: (objects) =>
    objects
      .list(secrets)
      .filter(({ object }) => isToken(object))
      .map(({ object }) => object.metadata.name),

  async reconcile(name, { objects, nowMs, writerFor }) {
    const stored = objects.get(secrets, bootstrapTokenNamespace, name)
    if (stored === undefined) return undefined
    const untilMs = planFor(stored.object, () => plan(stored.object))
    if (untilMs === undefined || untilMs > nowMs) return untilMs
    await writerFor(stored).delete(stored.object)
    return undefined
  },
}

const isToken = (object: KubernetesObject): boolean =>
  isOf(secrets, object) && isBootstrapToken(object)
