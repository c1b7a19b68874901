import type { Components } from '@reckon/bootstrap'
import type { Runtime } from '../settings/cluster-file.ts'
import { runMain, stopTimeoutMs } from './our-process.ts'
import type { ProcessSpec } from './process-spec.ts'

/** How an agent of this machine finds the registry. */
export const registryMirror = (port: number): string => `127.0.0.1:${port}`

/** The machine's own registry of the examples' images, for its engine only; none with simulated pods. */
export function imageRegistry(
  port: number | undefined,
  { runtime }: { runtime: Runtime },
  { dockerRegistry }: Components,
): ProcessSpec[] {
  if (port === undefined || runtime !== 'docker' || !dockerRegistry) return []
  const main = runMain('@reckon/examples/images/main')
  const program = ['--docker-registry', dockerRegistry.path]
  return [
    {
      name: 'registry',
      command: process.execPath,
      args: [...main, 'serve', '--port', String(port), ...program],
      env: {},
      stopTimeoutMs,
    },
  ]
}
