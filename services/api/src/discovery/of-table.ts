import type { ResourceTable } from '@reckon/kubernetes'

/** Caches what is computed from a table of resources, until the table changes. */
export function madeOfTable<Made>(
  make: (resources: ResourceTable) => Made,
): (resources: ResourceTable) => Made {
  const kept = new WeakMap<ResourceTable, { changes: number; made: Made }>()
  return (resources) => {
    const { changes } = resources
    const known = kept.get(resources)
    if (known?.changes === changes) return known.made
    const made = make(resources)
    kept.set(resources, { changes, made })
    return made
  }
}
