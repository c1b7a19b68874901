import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A machine of the test's own: a network namespace with nothing but loopback and no default route, so that no packet
 * can leave it, and a Docker engine inside.
 */
export type Sandbox = {
  /** For files of the test; removed at the end. */
  folder: string
  dockerSocket: string
  /** How a command is run inside: put before it. */
  enter: readonly string[]
  close(): Promise<void>
}

const startTimeoutMs = 60_000

/** Needs root and dockerd; throws saying which is missing. */
export async function openSandbox(): Promise<Sandbox> {
  if (process.getuid?.() !== 0) throw new Error('the end-to-end tests need root')
  const folder = mkdtempSync(join(tmpdir(), 'reckon-e2e-'))
  const name = `reckon-e2e-${process.pid}`
  const enter = ['nsenter', `--net=/run/netns/${name}`]
  const run = (...command: string[]) => execFileSync(command[0] ?? '', command.slice(1))
  run('ip', 'netns', 'add', name)
  run('ip', '-n', name, 'link', 'set', 'lo', 'up')
  // Before dockerd: it then leaves the policy of forwarded packets alone, as on a machine that forwards already.
  run(...enter, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
  const dockerSocket = join(folder, 'docker.sock')
  const cgroupParent = `/${name}`
  const engine = startEngine(folder, dockerSocket, enter, cgroupParent)
  const close = async () => {
    await endEngine(engine)
    // What a test that failed has left running.
    const left = execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
    for (const pid of left.split('\n').filter(Boolean)) end(Number(pid))
    run('ip', 'netns', 'delete', name)
    await removeCgroups(cgroupParent)
    unmountBelow(folder)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilExists(dockerSocket, engine)
  } catch (error) {
    await close()
    throw error
  }
  return { folder, dockerSocket, enter, close }
}

function startEngine(
  folder: string,
  socket: string,
  enter: readonly string[],
  cgroupParent: string,
): ChildProcess {
  const state = join(folder, 'docker')
  mkdirSync(state)
  const configuration = join(state, 'daemon.json')
  writeFileSync(configuration, '{}')
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
  if (engine.exitCode !== null || engine.signalCode !== null) return
  const ended = new Promise((resolve) => engine.once('exit', resolve))
  engine.kill('SIGTERM')
  await ended
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function untilExists(path: string, engine: ChildProcess): Promise<void> {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const watcher = watch(folder)
  await new Promise<void>((resolve, reject) => {
    const look = () => existsSync(path) && resolve()
    watcher.on('change', look)
    engine.once('exit', async () => {
      reject(new Error(`dockerd ended: ${await readFile(join(folder, 'dockerd.log'), 'utf8')}`))
    })
    engine.once('error', reject)
    setTimeout(() => reject(new Error('dockerd did not start')), startTimeoutMs).unref()
    look()
  }).finally(() => watcher.close())
}

/** Docker leaves behind the mount of its own network, once a container has used that. */
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
