import { isPassing, type Runtime } from '../runtime/runtime.ts'
import type { RuntimeUsage, UsageExtent } from '../runtime/runtime-usage.ts'

/** The current usage; undefined while the engine is away. */
export async function readUsage(
  runtime: Pick<Runtime, 'usage'>,
  extent?: UsageExtent,
): Promise<RuntimeUsage | undefined> {
  try {
    return await runtime.usage(extent)
  } catch (error) {
    if (!isPassing(error)) throw error
    return undefined
  }
}
