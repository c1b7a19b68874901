import type { Objects } from '@reckon/domain'
import { isTerminating, type KubernetesObject, type Namespace, resources } from '@reckon/kubernetes'
import type { Controller } from '../controller.ts'
import { plan } from './plan.ts'

/** Namespaces: what is deleted goes with everything in it. */
export const namespaceController: Controller = {
  name: 'namespace-controller',

  keysOf({ type, resource, stored }, objects) {
    const { metadata, kind } = stored.object
    if (kind === 'Namespace') {
      return type !== 'DELETED' && isTerminating(stored.object) ? [metadata.name] : []
    }
    // Also what was born while its namespace was dying.
    if (!resource.namespaced || type === 'MODIFIED') return []
    const home = objects.get('namespaces', '', metadata.namespace ?? '')
    return home && isTerminating(home.object) ? [home.object.metadata.name] : []
  },

  allKeys: (objects) =>
    objects
      .list('namespaces')
      .filter(({ object }) => isTerminating(object))
      .map(({ object }) => object.metadata.name),

  async reconcile(name, { objects, writerFor }) {
    const stored = objects.get<Namespace>('namespaces', '', name)
    if (stored === undefined) return undefined
    const writer = writerFor(stored)
    for (const step of plan(stored.object, contentsOf(name, objects))) {
      if (step.type === 'DeleteObject') await writer.delete(step.object)
      else await writer.finalizeNamespace(name)
    }
    return undefined
  },
}

const contentsOf = (namespace: string, objects: Objects): KubernetesObject[] =>
  resources
    .filter(({ namespaced }) => namespaced)
    .flatMap((resource) => objects.list(resource, namespace))
    .map(({ object }) => object)
