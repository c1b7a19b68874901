import type { Origin } from '@reckon/domain'
import { isTerminating, namespaces } from '@reckon/kubernetes'
import { changeObject } from './change-object.ts'
import type { WritePorts } from './write-ports.ts'
import type { Written } from './written.ts'

/**
 * Removes the spec's finalizers from a Terminating namespace, which is empty: it ends unless finalizers in its metadata
 * remain. A namespace that is not Terminating is left as it is.
 */
export const finalizeNamespace = (
  ports: WritePorts,
  { name, origin }: { name: string; origin: Origin },
): Promise<Written> =>
  changeObject(ports, {
    target: { resource: namespaces, namespace: '', name },
    change: (namespace) =>
      isTerminating(namespace) ? { ...namespace, spec: { finalizers: [] } } : namespace,
    subresource: 'finalize',
    origin,
  })
