import { Objects } from '@reckon/domain'
import type { Vault } from '@reckon/eventing'

/** A view that starts from another one's snapshot, written and read again. */
export function restoredFrom(objects: Objects, vault?: Vault): Objects {
  const lines = Array.from(objects.snapshot(), (record) => JSON.stringify(record))
  const restored = new Objects(vault)
  for (const line of lines) restored.restore(JSON.parse(line))
  return restored
}
