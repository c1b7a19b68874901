import { forbidden, isTerminating, namespaces, notFound } from '@reckon/kubernetes'
import type { AdmissionPlugin } from './admission.ts'

/** Refuses to create objects in a namespace that does not exist or is being terminated. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  admit({ resource, object, before }, others) {
    if (!resource.namespaced || before !== undefined) return
    const { name, namespace = '' } = object.metadata
    const home = others.get(namespaces, '', namespace)
    if (!home) throw notFound(namespaces, namespace)
    if (!isTerminating(home.object)) return
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`
    // This cause tells controllers that retrying is useless.
    const cause = {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    }
    throw forbidden(resource, name, why, [cause])
  },
}
