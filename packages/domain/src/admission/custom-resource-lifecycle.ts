import {
  customResourceDefinitions,
  isTerminating,
  resourceId,
  StatusError,
} from '@reckon/kubernetes'
import type { AdmissionPlugin } from './admission.ts'

/** Refuses to create objects of a kind whose definition is being deleted. */
export const customResourceLifecycle: AdmissionPlugin = {
  name: 'CustomResourceLifecycle',
  admit({ resource, before }, others) {
    if (resource.read === undefined || before !== undefined) return
    const definition = others.get(customResourceDefinitions, '', resourceId(resource))
    if (definition && !isTerminating(definition.object)) return
    throw new StatusError(
      'MethodNotAllowed',
      'create not allowed while custom resource definition is terminating',
    )
  },
}
