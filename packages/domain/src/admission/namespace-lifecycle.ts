import { forbidden, isTerminating, namespaces, notFound } from '@reckon/kubernetes'
import type { AdmissionPlugin } from './admission.ts'

/** Nothing is created in a namespace that is not there, or that is being terminated. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  admit({ resource, object, before }, others) {
    if (!resource.namespaced || before !== undefined) return
    const { name, namespace = '' } = object.metadata
    const home = others.get(namespaces, '', namespace)
    if (!home) throw notFound(namespaces, namespace)
    if (!isTerminating(home.object)) return
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`
    // Controllers tell by this cause that it is of no use to try again.
    const cause = {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    }
    throw forbidden(resource, name, why, [cause])
  },
}
