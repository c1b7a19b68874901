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
    'A service’s view of all objects from its process’ start until it serves, snapshots being taken on the way as in life: from nothing, with the segments being written or not; from the segments; and from its snapshot.',
  async run(size) {
    const events = historyEvents[size]
    const root = await mkdtemp(join(tmpdir(), 'bench-views-'))
    const [snapshots, segments] = [join(root, 'snapshots'), join(root, 'segments')]
    try {
      return await withDurableLog(async ({ log, url, serverPid }) => {
        await recordHistory(log, events)
        const start = async (what: string, goal: string, folders: readonly string[]) => {
          const serverBefore = cpuMicrosOf(serverPid)
          const script = fileURLToPath(new URL('start-view.ts', import.meta.url))
          const { stdout } = await run(process.execPath, [script, url, ...folders])
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
        return [
          await start(`from nothing, ${about}`, '≥ 50,000 events/s', [join(root, 'other'), '']),
          await start(`the same, segments written`, '', [snapshots, segments]),
          await start(`from segments of ${await megabytesIn(segments)} MB`, '≥ 300,000 events/s', [
            '',
            segments,
          ]),
          await start(`from a snapshot of ${await megabytesIn(snapshots)} MB`, 'within 2 s', [
            snapshots,
            segments,
          ]),
        ]
      })
    } finally {
      await rm(root, { recursive: true })
    }
  },
}

async function megabytesIn(folder: string): Promise<string> {
  const files = await readdir(folder)
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size))
  return shown(sizes.reduce((sum, bytes) => sum + bytes, 0) / 1e6)
}
