import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Benchmark, type Size, shown } from './benchmark.ts'
import { recordHistory, withDurableLog } from './durable-log.ts'
import { cpuMicrosOf } from './process-usage.ts'
import { eventsPerPod } from './sample-history.ts'

const historyEvents: Record<Size, number> = { tiny: 5000, usual: 100_000, full: 1_000_000 }
const run = promisify(execFile)

type Serving = {
  loadedMs: number
  servesMs: number
  pods: number
  cpu: { user: number; system: number }
  residentBytes: number
}

export const rebuild: Benchmark = {
  name: 'rebuild',
  about:
    'A service’s view of all objects from its process’ start until it serves, snapshots being taken on the way as in life: from nothing, and from its snapshot.',
  async run(size) {
    const events = historyEvents[size]
    const folder = await mkdtemp(join(tmpdir(), 'bench-snapshots-'))
    try {
      return await withDurableLog(async ({ log, url, serverPid }) => {
        await recordHistory(log, events)
        const start = async (what: string, goal: string) => {
          const serverBefore = cpuMicrosOf(serverPid)
          const script = fileURLToPath(new URL('start-view.ts', import.meta.url))
          const { stdout } = await run(process.execPath, [script, url, folder])
          const { loadedMs, servesMs, pods, cpu, residentBytes } = JSON.parse(stdout) as Serving
          if (pods !== events / eventsPerPod) throw new Error(`${pods} pods are not all`)
          return {
            what,
            'serves after s': shown(servesMs / 1000),
            'events/s': shown((events * 1000) / (servesMs - loadedMs)),
            'own CPU s': shown((cpu.user + cpu.system) / 1e6),
            'server CPU s': shown((cpuMicrosOf(serverPid) - serverBefore) / 1e6),
            'resident MiB': shown(residentBytes / 2 ** 20),
            goal,
          }
        }
        const about = `${shown(events)} events, ${shown(events / eventsPerPod)} pods`
        const cold = await start(`from nothing, ${about}`, '≥ 50,000 events/s')
        const files = await readdir(folder)
        const sizes = await Promise.all(files.map((file) => stat(join(folder, file))))
        const megabytes = shown(sizes.reduce((sum, { size: bytes }) => sum + bytes, 0) / 1e6)
        const warm = await start(`from a snapshot of ${megabytes} MB`, 'within 2 s')
        return [cold, warm]
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}
