import { type Objects, streamOf } from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import { isTerminating, namespaces, type Resource } from '@reckon/kubernetes'
import type { Controller } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { plan } from './plan.ts'

/** Namespaces: deletes everything in a namespace that is being deleted. */
export const namespaceController: Controller = {
  name: 'namespace-controller',

  keysOf({ type, resource, stored }, objects) {
    const { metadata, kind } = stored.object
    if (kind === 'Namespace') {
      return type !== 'DELETED' && isTerminating(stored.object) ? [metadata.name] : []
    }
    // Also objects created while their namespace was terminating, or by a writer that did not know
    // yet that it was gone.
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

  async reconcile(name, { objects, nowMs, writerFor, rest }) {
    const stored = objects.get(namespaces, '', name)
    const contents = namespacedIn(objects).flatMap((resource) => objects.list(resource, name))
    const key = streamOf(namespaces, '', name)
    const { steps, againAtMs } = attempt(key, () => plan(stored?.object, contents, nowMs))
    await eachStep(steps, async (step) => {
      switch (step.type) {
        case 'DeleteObject':
          return writerFor(stored ?? step.content).delete(step.content.object)
        case 'FinalizeNamespace':
          return stored && writerFor(stored).finalizeNamespace(name)
        case 'SetStatus':
          rest(statusEveryMs)
          return stored && writerFor(stored).changeStatus(stored.object, step.status)
      }
    })
    return againAtMs
  },
}

/** Progress is not reported after every single object. */
const statusEveryMs = 2_000

const namespacedIn = ({ resources }: Objects): Resource[] =>
  resources.all.filter((resource) => resource.namespaced)

function isLiving(name: string, objects: Objects): boolean {
  const home = objects.get(namespaces, '', name)
  return home !== undefined && !isTerminating(home.object)
}
