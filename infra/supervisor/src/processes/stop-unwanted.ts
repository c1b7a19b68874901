import type { Layout } from '../layout.ts'
import type { ProcessReporter } from './process-reporter.ts'
import type { ProcessSpec } from './process-spec.ts'
import { findProcess, namesOfProcesses, stopProcess } from './running-process.ts'

/** An agent first gives its pods their grace period. */
const stopMsMax = 45_000

/** Stops processes of an earlier supervisor that are no longer wanted. */
export async function stopUnwanted(
  layout: Layout,
  specs: readonly ProcessSpec[],
  report: ProcessReporter,
): Promise<void> {
  const wanted = new Set(specs.map(({ name }) => name))
  const names = (await namesOfProcesses(layout)).filter((name) => !wanted.has(name))
  await Promise.all(
    names.map(async (name) => {
      const running = await findProcess(layout, name)
      if (running === undefined) return
      await stopProcess(layout, name, running, stopMsMax)
      report(name, 'is no longer wanted: stopped')
    }),
  )
}
