import type { RuntimeFacts } from '../runtime/runtime.ts'

/** How large a machine pretends to be. */
export type Size = { cpus: number; memoryBytes: number; diskBytes?: number }

/** Enough for whatever pretends to be written. */
const diskBytesDefault = 100 * 2 ** 30

/** What a machine pretends to be. */
export const pretendedFacts = ({
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
