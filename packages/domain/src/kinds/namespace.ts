import { type Namespace, secondsOf } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'

/** The finalizer in a namespace's spec, removed once the namespace is empty. */
const kubernetesFinalizer = 'kubernetes'

/** Namespaces that cannot be deleted; the list is upstream's. */
const immortal = ['default', 'kube-system', 'kube-public']

/** The namespaces that every cluster has from the start. */
export const firstNamespaces: readonly string[] = [...immortal, 'kube-node-lease']

/** A namespace is Active until its deletion is requested, then Terminating until it is empty. */
export const namespaceRules: KindRules<Namespace> = {
  prepareCreate: (object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name },
    },
    spec: { finalizers: [kubernetesFinalizer] },
    status: { phase: 'Active' },
  }),
  // They are written through a subresource of their own.
  prepareUpdate: (after, before, { subresource }) =>
    subresource === 'finalize' ? after : { ...after, ...(before.spec && { spec: before.spec }) },
  prepareStatus: ({ status }, { metadata: { deletionTimestamp } }) => ({
    ...status,
    phase: status?.phase ?? (deletionTimestamp ? 'Terminating' : 'Active'),
  }),
  undeletable: ({ metadata }) =>
    immortal.includes(metadata.name) ? 'this namespace may not be deleted' : undefined,
  terminating: (namespace, { nowMs }) => {
    if (!namespace.spec?.finalizers?.length) return undefined
    return {
      ...namespace,
      metadata: {
        ...namespace.metadata,
        deletionTimestamp: namespace.metadata.deletionTimestamp ?? secondsOf(nowMs),
      },
      status: { ...namespace.status, phase: 'Terminating' },
    }
  },
}
