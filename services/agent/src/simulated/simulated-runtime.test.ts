import { createMemoryClock } from '@reckon/eventing/memory'
import { runtimeContract } from '../runtime/runtime-contract.ts'
import { createSimulatedRuntime } from './simulated-runtime.ts'

runtimeContract('simulated', async () => {
  let numbers = 0
  const ids = { next: () => `id-${numbers++}`, below: () => 0 }
  const size = { cpus: 1, memoryBytes: 2 ** 30, missingImages: new Set(['missing:1']) }
  return {
    runtime: createSimulatedRuntime({ clock: createMemoryClock(), ids }, size),
    pauseImage: 'pause:1',
    image: 'tool:1',
    missingImage: 'missing:1',
    addresses: ['10.244.1.2', '10.244.1.3'],
  }
})
