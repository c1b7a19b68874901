import { isPassing, type Runtime } from '../runtime/runtime.ts'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'

/** What is used now; undefined while the engine is away. */
export async function readUsage(
  runtime: Pick<Runtime, 'usage'>,
): Promise<RuntimeUsage | undefined> {
  try {
    return await runtime.usage()
  } catch (error) {
    if (!isPassing(error)) throw error
    return undefined
  }
}
