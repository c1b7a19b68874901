import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'

/** The machine that the numbers are from. */
export function describeMachine(): string {
  const processors = cpus()
  const memoryGiB = Math.round(totalmem() / 2 ** 30)
  const model = processors[0]?.model.trim() || 'unnamed processors'
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ')
  return (
    `${processors.length} cores (${model}), ${memoryGiB} GiB, Linux ${release()}, ` +
    `Node ${process.version}, ${date} UTC`
  )
}

/** What else a machine was doing during a measurement. */
export type MachineSpan = { end(): string }

/** Load averages before and after, and the share of CPU time that other machines on the same host took. */
export function beginSpan(): MachineSpan {
  const before = { load: oneMinuteLoad(), ...ticks() }
  return {
    end() {
      const after = ticks()
      const stolen = (100 * (after.stolen - before.stolen)) / Math.max(1, after.all - before.all)
      return `load ${before.load} → ${oneMinuteLoad()}, ${stolen.toFixed(1)} % stolen`
    },
  }
}

const oneMinuteLoad = (): string => (loadavg()[0] ?? 0).toFixed(1)

/** Clock ticks of all processors since the machine started (proc_stat(5)). */
function ticks(): { stolen: number; all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  // user nice system idle iowait irq softirq steal; what follows is counted in user already.
  const counted = line.split(/\s+/).slice(1, 9).map(Number)
  return { stolen: counted[7] ?? 0, all: counted.reduce((sum, each) => sum + each, 0) }
}
