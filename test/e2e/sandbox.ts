import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'

/**
 * A machine of the test's own: a network namespace with only loopback and no default route, so that no packet can leave
 * it, and a Docker engine inside.
 */
export type Sandbox = {
  /** Of its network namespace. */
  name: string
  /** For files of the test; removed at the end. */
  folder: string
  dockerSocket: string
  /** The prefix of commands that run inside. */
  enter: readonly string[]
  /** Ends everything in it at once, as in a power cut; its disk stays. */
  cutPower(): Promise<void>
  /** Starts the engine again. */
  start(): Promise<void>
  /** Restarts the engine as its service does; its containers end with it. */
  restartEngine(): Promise<void>
  close(): Promise<void>
}

/** Test registries speak no TLS; on loopback an engine accepts that by itself. */
const linkOfMachines = '10.210.0.0/24'
const startTimeoutMs = 60_000
const lookEveryMs = 50

/**
 * Needs root and dockerd; throws, saying which is missing. Its folder is created in `within`. At its end, folders whose
 * names begin with its own and `-` are removed, too.
 */
export async function openSandbox(name: string, within = tmpdir()): Promise<Sandbox> {
  if (process.getuid?.() !== 0) throw new Error('the end-to-end tests need root')
  const folder = mkdtempSync(join(within, 'reckon-e2e-'))
  const enter = ['nsenter', `--net=/run/netns/${name}`]
  const run = (...command: string[]) => execFileSync(command[0] ?? '', command.slice(1))
  run('ip', 'netns', 'add', name)
  run('ip', '-n', name, 'link', 'set', 'lo', 'up')
  // Before dockerd: it then does not change the policy of forwarded packets, as on a machine that
  // forwards already.
  run(...enter, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
  const dockerSocket = join(folder, 'docker.sock')
  const cgroupParent = `/${name}`
  let engine = startEngine(folder, dockerSocket, enter, cgroupParent)
  const cutPower = async () => {
    const ended = hasEnded(engine) ? undefined : once(engine, 'exit')
    for (const pid of [...processesIn(name), ...processesBelow(cgroupParent)]) end(pid)
    await ended
  }
  const start = async () => {
    // Else the engine may take another process for its former containerd.
    for (const left of ['docker.pid', 'exec/containerd/containerd.pid']) {
      rmSync(join(folder, 'docker', left), { force: true })
    }
    rmSync(dockerSocket, { force: true })
    engine = startEngine(folder, dockerSocket, enter, cgroupParent)
    await untilListening(dockerSocket, engine)
  }
  const restartEngine = async () => {
    await endEngine(engine)
    await start()
  }
  const close = async () => {
    await endEngine(engine)
    // What a failed test has left running.
    const namespaces = namespacesOf(name)
    for (const pid of namespaces.flatMap(processesIn)) end(pid)
    for (const pid of processesBelow(cgroupParent)) end(pid)
    for (const each of namespaces) run('ip', 'netns', 'delete', each)
    await removeCgroups(cgroupParent)
    unmountBelow(folder)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilListening(dockerSocket, engine)
  } catch (error) {
    await close()
    throw error
  }
  return { name, folder, dockerSocket, enter, cutPower, start, restartEngine, close }
}

function startEngine(
  folder: string,
  socket: string,
  enter: readonly string[],
  cgroupParent: string,
): ChildProcess {
  const state = join(folder, 'docker')
  mkdirSync(state, { recursive: true })
  const configuration = join(state, 'daemon.json')
  writeFileSync(configuration, JSON.stringify({ 'insecure-registries': [linkOfMachines] }))
  const output = openSync(join(folder, 'dockerd.log'), 'a')
  const [command = '', ...args] = enter
  return spawn(
    command,
    [
      ...args,
      ...['dockerd', '--config-file', configuration, '-H', `unix://${socket}`],
      ...['--data-root', join(state, 'data'), '--exec-root', join(state, 'exec')],
      ...['--pidfile', join(state, 'docker.pid'), '--cgroup-parent', cgroupParent],
    ],
    { stdio: ['ignore', output, output] },
  )
}

/** dockerd ends its containers and its containerd before itself. */
async function endEngine(engine: ChildProcess): Promise<void> {
  if (hasEnded(engine)) return
  const ended = new Promise((resolve) => engine.once('exit', resolve))
  engine.kill('SIGTERM')
  await ended
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

function namespacesOf(name: string): string[] {
  const lines = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).split('\n')
  const all = lines.map((line) => line.split(' ')[0] ?? '')
  return all.filter((each) => each === name || each.startsWith(`${name}-`))
}

const processesIn = (name: string): number[] =>
  numbersIn(execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' }))

/** Those of its containers, which have namespaces of their own. */
function processesBelow(cgroupParent: string): number[] {
  const command = `find /sys/fs/cgroup -path '*${cgroupParent}*' -name cgroup.procs -exec cat {} + 2>/dev/null || true`
  return [...new Set(numbersIn(execFileSync('sh', ['-c', command], { encoding: 'utf8' })))]
}

const numbersIn = (text: string): number[] => text.split('\n').filter(Boolean).map(Number)

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Resolves once the engine accepts connections there: its socket exists a moment before. */
async function untilListening(path: string, engine: ChildProcess): Promise<void> {
  const over = new AbortController()
  const ended = once(engine, 'exit', over).then(async () => {
    throw new Error(`dockerd ended: ${await readFile(join(dirname(path), 'dockerd.log'), 'utf8')}`)
  })
  await Promise.race([ended, untilAccepting(path)]).finally(() => over.abort())
}

async function untilAccepting(path: string): Promise<void> {
  for (const end = performance.now() + startTimeoutMs; !(await accepts(path)); ) {
    if (performance.now() > end) throw new Error('dockerd did not start')
    await after(lookEveryMs)
  }
}

const accepts = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/** Docker leaves the mount of its own network behind once a container has used it. */
function unmountBelow(folder: string): void {
  for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n').toReversed()) {
    const [, path = ''] = line.split(' ')
    if (path.startsWith(`${folder}/`)) execFileSync('umount', [path])
  }
}

/** Docker leaves its parent's groups behind. */
async function removeCgroups(parent: string): Promise<void> {
  const command = `find /sys/fs/cgroup -depth -type d -path '*${parent}*' -exec rmdir {} + 2>/dev/null || true`
  execFileSync('sh', ['-c', command])
}
