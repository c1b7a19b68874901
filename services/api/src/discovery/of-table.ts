import type { ResourceTable } from '@reckon/kubernetes'

/** What is made of a table of resources: kept while that stays as it is, and as long as the table itself. */
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
