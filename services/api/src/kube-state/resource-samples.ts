import { cpuMillis, memoryBytes } from '@reckon/kubernetes'
import type { Labels, Sample } from '@reckon/process'

/** Amounts of resources under kube-state-metrics' names and in its units: cores, bytes, or a number. */
export const resourceSamples = (
  amounts: Readonly<Record<string, string>> | undefined,
  labels: Labels = {},
): readonly Sample[] =>
  Object.entries(amounts ?? {}).map(([name, quantity]) => ({
    labels: { ...labels, resource: name.replace(/[^a-zA-Z0-9_]/g, '_'), unit: unitOf(name) },
    value: valueOfQuantity(name, quantity),
  }))

/** As many as a quantity says; of processor time cores. */
export const valueOfQuantity = (resource: string, quantity: string): number =>
  resource.endsWith('cpu') ? cpuMillis(quantity) / 1000 : memoryBytes(quantity)

function unitOf(resource: string): string {
  if (resource === 'cpu') return 'core'
  const isBytes = /^(memory|storage|ephemeral-storage|hugepages-.*|attachable-volumes-.*)$/
  return isBytes.test(resource) ? 'byte' : 'integer'
}
