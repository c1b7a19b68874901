import { cleanupFinalizer, withoutFinalizer } from '@reckon/domain'
import { customResourceDefinitions, isTerminating, resourceId } from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { plan } from './plan.ts'

/** CustomResourceDefinitions: deletes all objects of a definition that is being deleted. */
export const customResourceDefinitionController: Controller = {
  name: 'customresource-cleanup-controller',

  keysOf({ type, resource, stored }) {
    if (resource === customResourceDefinitions) {
      return type !== 'DELETED' && isTerminating(stored.object) ? [stored.object.metadata.name] : []
    }
    return type === 'DELETED' && resource.read !== undefined ? [resourceId(resource)] : []
  },

  allKeys: (objects) =>
    objects
      .list(customResourceDefinitions)
      .filter(({ object }) => isTerminating(object))
      .map(({ object }) => object.metadata.name),

  async reconcile(name, { objects, writerFor }) {
    const stored = objects.get(customResourceDefinitions, '', name)
    if (stored === undefined) return undefined
    const resource = objects.resources.named(name)
    const contents = resource ? objects.list(resource) : []
    const steps = planFor(stored.object, () => plan(stored.object, contents))
    await eachStep(steps, async (step) => {
      if (step.type === 'DeleteObject') await writerFor(stored).delete(step.content.object)
      else
        await writerFor(stored).change(stored.object, (current) =>
          withoutFinalizer(current, cleanupFinalizer),
        )
    })
    return undefined
  },
}
