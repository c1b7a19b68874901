import type { Origin } from '@reckon/domain'
import { namespaces } from '@reckon/kubernetes'
import { recordChange } from './record-change.ts'
import type { WritePorts } from './write-ports.ts'
import type { Written } from './written.ts'

/** Ends a Terminating namespace once it is empty: its last finalizer goes, and with it the namespace. */
export function finalizeNamespace(
  ports: WritePorts,
  { name, origin }: { name: string; origin: Origin },
): Promise<Written> {
  const target = { resource: namespaces, namespace: '', name }
  return recordChange(ports, {
    target,
    decide: ({ object: namespace }) => {
      const isEnd = namespace.metadata.deletionTimestamp !== undefined
      return isEnd
        ? { after: { ...namespace, spec: { finalizers: [] } }, isEnd }
        : { after: namespace }
    },
    origin,
  })
}
