import { locateComponents } from '@reckon/bootstrap'
import {
  findProcess,
  findSupervisor,
  healthOf,
  type Layout,
  noClusterIn,
  type ProcessSpec,
  processesHere,
} from '@reckon/supervisor/reading'
import type { Command } from 'commander'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { outputOption } from '../formatting/output-option.ts'
import { table } from '../formatting/table.ts'

/** One process in the JSON output. Positions are decimal strings. */
type ProcessStatus = {
  name: string
  state: 'Ready' | 'Running' | 'NotReady' | 'Stopped'
  pid?: number
  startedAt?: string
  position?: string
  head?: string
  detail?: string
}

/** `reckon status`: every process, its position in the log, and how far that is behind the head. */
export function defineStatus(command: Command): void {
  withDataDir(command)
    .addOption(outputOption())
    .addHelpText('after', '\nExample:\n  reckon status -o json | jq .processes[].name')
    .action(status)
}

async function status({ dataDir, output }: { dataDir: string; output?: string }): Promise<void> {
  const layout = layoutFor(dataDir)
  const here = await processesHere(layout, await locateComponents())
  if (!here) throw new Error(noClusterIn(layout))
  const { cluster, specs, startedBy } = here
  const processes = await Promise.all(specs.map((spec) => statusOf(layout, spec)))
  const supervisor = await findSupervisor(layout)
  if (output === 'json') {
    console.log(JSON.stringify({ cluster, supervisor, processes }, null, 2))
    return
  }
  const rows = processes.map((process) => [
    process.name,
    process.state,
    String(process.pid ?? '-'),
    process.position ?? '-',
    lagOf(process),
    process.detail ?? '',
  ])
  console.log(table(['PROCESS', 'STATE', 'PID', 'POSITION', 'LAG', ''], rows))
  if (supervisor === undefined) {
    const isDown = processes.every(({ state }) => state === 'Stopped')
    console.log(
      isDown
        ? `\nThe cluster is down; "reckon ${startedBy}" starts it again.`
        : `\nNo supervisor: what dies stays dead until the next "reckon ${startedBy}".`,
    )
  }
}

async function statusOf(layout: Layout, spec: ProcessSpec): Promise<ProcessStatus> {
  const running = await findProcess(layout, spec.name)
  if (!running) return { name: spec.name, state: 'Stopped' }
  if (!spec.healthSocket) return { name: spec.name, state: 'Running', pid: running.pid }
  const health = await healthOf(spec.healthSocket)
  if (!health) return { name: spec.name, state: 'NotReady', pid: running.pid }
  const { ready, startedAt, position, head, detail } = health
  return {
    name: spec.name,
    state: ready ? 'Ready' : 'NotReady',
    pid: running.pid,
    startedAt,
    ...(position !== undefined && { position }),
    ...(head !== undefined && { head }),
    ...(detail !== undefined && { detail }),
  }
}

/** How far the process' view is behind the head of the log, in positions. */
function lagOf({ position, head }: ProcessStatus): string {
  if (position === undefined || head === undefined) return '-'
  const behind = BigInt(head) - BigInt(position)
  return String(behind > 0n ? behind : 0n)
}
