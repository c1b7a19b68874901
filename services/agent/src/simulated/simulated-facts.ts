import type { RuntimeFacts } from '../runtime/runtime.ts'

/** The size of a simulated machine. */
export type Size = { cpus: number; memoryBytes: number; diskBytes?: number }

/** Enough for all simulated writes. */
const diskBytesDefault = 100 * 2 ** 30

/** The facts of a simulated machine. */
export const simulatedFacts = ({
  cpus,
  memoryBytes,
  diskBytes = diskBytesDefault,
}: Size): RuntimeFacts & { diskBytes: number } => ({
  cpus,
  memoryBytes,
  diskBytes,
  kernelVersion: 'simulated',
  osImage: 'simulated',
  architecture: 'amd64',
  containerRuntimeVersion: 'simulated://1',
})
