import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'

/** A mark in the environment of everything that a run starts, including engines and what runs their containers. */
const mark = 'RECKON_TEST_RUN'
/** Killed processes exist for a moment longer. */
const waitMsMax = 10_000
const lookEveryMs = 100

/**
 * Marks everything that this process starts from now on. Returns a function that lists what is left at the end:
 * processes, containers by what runs them, network namespaces and nftables tables, a line each.
 */
export function watchWhatIsLeft(): () => Promise<string[]> {
  const run = `${mark}=${process.pid}`
  process.env[mark] = `${process.pid}`
  const before = new Set(things())
  const left = () => [
    ...processesOf(run).map(({ pid, command }) => `process ${pid}: ${command}`),
    ...things().filter((thing) => !before.has(thing)),
  ]
  return async () => {
    const end = performance.now() + waitMsMax
    while (left().length > 0 && performance.now() < end) await after(lookEveryMs)
    return left()
  }
}

function processesOf(run: string): { pid: number; command: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const others = pids.map(Number).filter((pid) => pid !== process.pid)
  const ours = others.filter((pid) => of(pid, 'environ').split('\0').includes(run))
  return ours.map((pid) => ({ pid, command: of(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
}

/** Empty for a process that has ended meanwhile, or is another user's. */
function of(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

/** Namespaces of clusters and tests in which nothing runs, and tables of theirs in this one. */
function things(): string[] {
  const namespaces = linesOf('ip', 'netns', 'list').map((line) => line.split(' ')[0] ?? '')
  const empty = namespaces.filter((name) => linesOf('ip', 'netns', 'pids', name).length === 0)
  return [
    ...empty.map((name) => `network namespace ${name}`),
    ...linesOf('nft', 'list', 'tables').map((line) => `nftables ${line}`),
  ].filter((thing) => thing.includes('reckon'))
}

function linesOf(command: string, ...args: string[]): string[] {
  try {
    const text = execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return text.split('\n').filter(Boolean)
  } catch {
    // Without this program, or the right to use it, nothing of ours can exist.
    return []
  }
}
