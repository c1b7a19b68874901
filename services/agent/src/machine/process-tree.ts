import { readdir, readFile } from 'node:fs/promises'
import { hasCode } from '@reckon/process'

/** A process; `startTicks` distinguishes it from a later one with the same pid. */
export type ProcessId = { pid: number; startTicks: string }

type Seen = ProcessId & { parent: number; session: number }

/** Repeated because a process being killed may just have started another one. */
const roundsMax = 10

/** The process with this number, if there is one. */
export async function processAt(pid: number): Promise<ProcessId | undefined> {
  return seenAt(pid)
}

/** Kills a process, its descendants and its session, which also contains processes whose parent is gone. */
export async function killTree(root: ProcessId): Promise<void> {
  const killed = new Set<string>()
  for (let round = 0; round < roundsMax; round++) {
    const found = treeOf(root, await allProcesses()).filter((each) => !killed.has(keyOf(each)))
    if (found.length === 0) return
    for (const each of found) {
      killed.add(keyOf(each))
      await killExactly(each)
    }
  }
}

function treeOf(root: ProcessId, all: readonly Seen[]): readonly Seen[] {
  const numbered = all.find(({ pid }) => pid === root.pid)
  const isThere = numbered?.startTicks === root.startTicks
  // While a session exists, its leader's pid is not reused, even if the leader has ended.
  const leads = numbered === undefined || (isThere && numbered.session === root.pid)
  const isOwn = ({ pid, session }: Seen) =>
    (isThere && pid === root.pid) || (leads && session === root.pid)
  const tree = new Set(all.filter(isOwn))
  for (let size = -1; size !== tree.size; ) {
    size = tree.size
    const pids = new Set([...tree].map(({ pid }) => pid))
    for (const each of all) if (pids.has(each.parent)) tree.add(each)
  }
  return [...tree]
}

async function killExactly(seen: Seen): Promise<void> {
  const now = await seenAt(seen.pid)
  if (now?.startTicks !== seen.startTicks) return
  try {
    process.kill(seen.pid, 'SIGKILL')
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

const keyOf = ({ pid, startTicks }: ProcessId): string => `${pid} ${startTicks}`

async function allProcesses(): Promise<readonly Seen[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const seen = await Promise.all(pids.map(seenAt))
  return seen.filter((each) => each !== undefined)
}

/** Parses `/proc/<pid>/stat` (proc(5)); the command, in brackets, may contain anything. A zombie counts as gone. */
async function seenAt(pid: number): Promise<Seen | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [state, parent, , session] = fields
    const startTicks = fields[19]
    if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined
    return { pid, startTicks, parent: Number(parent), session: Number(session) }
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return undefined
    throw error
  }
}
