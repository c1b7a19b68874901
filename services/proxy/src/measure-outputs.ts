import { counterIn, gaugeIn, type Metrics } from '@reckon/process'
import type { ProxyStatus } from './run-proxy.ts'

/** Counts the failures of each output. Returns a function that counts one. */
export function measureOutputs(
  metrics: Metrics,
  status: () => ProxyStatus | undefined,
): (output: string) => void {
  gaugeIn(metrics, {
    name: 'reckon_outputs_failing',
    help: 'Outputs that lack the newest because the machine refused it',
    collect() {
      const { failures = [], troubles = [] } = status() ?? {}
      this.set(failures.length + troubles.length)
    },
  })
  const failures = counterIn(metrics, {
    name: 'reckon_output_failures_total',
    help: 'How often the machine refused what an output was to hold',
    labelNames: ['output'],
  })
  return (output) => failures.inc({ output })
}
