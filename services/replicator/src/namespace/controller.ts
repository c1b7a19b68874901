import { type Objects, streamOf } from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import { isTerminating, namespaces, type Resource } from '@reckon/kubernetes'
import type { Controller } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { plan } from './plan.ts'

/** Namespaces: what is deleted goes with everything in it. */
export const namespaceController: Controller = {
  name: 'namespace-controller',

  keysOf({ type, resource, stored }, objects) {
    const { metadata, kind } = stored.object
    if (kind === 'Namespace') {
      return type !== 'DELETED' && isTerminating(stored.object) ? [metadata.name] : []
    }
    // Also what was born while its namespace was dying, or by a writer who did not know yet that it was gone.
    if (!resource.namespaced || type === 'MODIFIED') return []
    const name = metadata.namespace ?? ''
    return isLiving(name, objects) ? [] : [name]
  },

  allKeys: (objects) => {
    const homes = namespacedIn(objects).flatMap((resource) =>
      objects.list(resource).map(({ object }) => object.metadata.namespace ?? ''),
    )
    const names = objects.list(namespaces).map(({ object }) => object.metadata.name)
    return [...new Set([...homes, ...names])].filter((name) => !isLiving(name, objects))
  },

  async reconcile(name, { objects, writerFor }) {
    const stored = objects.get(namespaces, '', name)
    const contents = namespacedIn(objects).flatMap((resource) => objects.list(resource, name))
    const key = streamOf(namespaces, '', name)
    await eachStep(
      attempt(key, () => plan(stored?.object, contents)),
      async (step) => {
        if (step.type === 'DeleteObject') {
          await writerFor(stored ?? step.content).delete(step.content.object)
        } else if (stored !== undefined) await writerFor(stored).finalizeNamespace(name)
      },
    )
    return undefined
  },
}

const namespacedIn = ({ resources }: Objects): Resource[] =>
  resources.all.filter((resource) => resource.namespaced)

function isLiving(name: string, objects: Objects): boolean {
  const home = objects.get(namespaces, '', name)
  return home !== undefined && !isTerminating(home.object)
}
