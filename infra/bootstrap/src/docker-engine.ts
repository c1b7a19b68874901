import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, watch } from 'node:fs'
import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { components } from './components.ts'
import { findProgram } from './find-program.ts'
import { folders } from './folders.ts'
import { isRunBySystemd } from './machine.ts'

const run = promisify(execFile)

/** A Docker Engine that answers. */
export type DockerEngine = { socketPath: string; startedByUs: boolean; pid?: number }

const defaultSocket = '/var/run/docker.sock'
const pingTimeoutMs = 10_000
const startTimeoutMs = 60_000

/**
 * A Docker Engine that answers. Where the machine's own does not run yet it is started, by systemd or in a session of
 * its own, and left running. An engine named by `dockerHost` (`unix://…`) is only asked. Throws with what is wrong.
 */
export async function ensureDockerEngine(dockerHost?: string): Promise<DockerEngine> {
  const socketPath = dockerHost?.replace(/^unix:\/\//, '') ?? defaultSocket
  if (!socketPath.startsWith('/'))
    throw new Error(`the engine must be on this machine (unix:///path), not at ${dockerHost}`)
  if (await answers(socketPath)) return { socketPath, startedByUs: false }
  if (socketPath !== defaultSocket)
    throw new Error(`no Docker Engine answers at ${socketPath}: start it, or name another socket`)
  if (process.getuid?.() !== 0)
    throw new Error(
      `no Docker Engine answers at ${socketPath}; start it (sudo systemctl start docker), or run as root`,
    )
  if (await isRunBySystemd()) {
    await run('systemctl', ['start', 'docker'])
    if (await answers(socketPath)) return { socketPath, startedByUs: true }
    throw new Error('systemd started docker, yet it does not answer: see `journalctl -u docker`')
  }
  return await startEngine(socketPath)
}

/** Whether an engine answers at this socket. */
export async function answers(socketPath: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const ping = request({ socketPath, path: '/_ping', timeout: pingTimeoutMs }, (response) => {
    response.resume()
    resolve(response.statusCode === 200)
  })
  ping.on('timeout', () => ping.destroy())
  ping.on('error', () => resolve(false))
  ping.end()
  return await promise
}

async function startEngine(socketPath: string): Promise<DockerEngine> {
  const { executable, versionArgs, packages } = components.dockerd
  const searched = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin']
  const dockerd = await findProgram(executable, versionArgs, searched)
  if (!dockerd)
    throw new Error(
      `Docker Engine is not installed (\`npm run setup\` as root, or the package ${packages['apt-get']})`,
    )
  // A second engine in one network namespace would wipe the first one's packet rules.
  const other = await findEngineProcess()
  if (other !== undefined)
    throw new Error(
      `a dockerd runs (process ${other}), but does not answer at ${socketPath}: \`reckon up --docker-host\` names another socket`,
    )
  // What a killed engine left: another process may bear its number by now, and the new engine would wait for it.
  await rm('/var/run/docker.pid', { force: true })
  await rm('/var/run/docker/containerd/containerd.pid', { force: true })

  mkdirSync(folders.logs, { recursive: true })
  const logPath = join(folders.logs, 'dockerd.log')
  const log = openSync(logPath, 'a')
  const child = spawn(dockerd.path, [], { cwd: '/', detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  await untilAnswering(child, socketPath, logPath)
  child.unref()
  return { socketPath, startedByUs: true, ...(child.pid ? { pid: child.pid } : {}) }
}

/** Waits for the engine's first answer: its socket appears when it begins to listen. */
async function untilAnswering(
  child: ChildProcess,
  socketPath: string,
  logPath: string,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const ask = async () => {
    if (await answers(socketPath)) resolve()
  }
  const watcher = watch(dirname(socketPath), (_event, file) => {
    if (file === basename(socketPath)) void ask()
  })
  const timer = setTimeout(
    () => reject(new Error(`dockerd does not answer: see ${logPath}`)),
    startTimeoutMs,
  )
  child.on('error', reject)
  child.on('exit', async (code) => {
    const lines = (await readFile(logPath, 'utf8')).trim().split('\n')
    reject(new Error(`dockerd ended (${code}); ${logPath} ends with: ${lines.at(-1)}`))
  })
  try {
    await ask()
    await promise
  } finally {
    clearTimeout(timer)
    watcher.close()
    child.removeAllListeners('exit')
  }
}

/** The engine that runs in our own network namespace, if any. */
async function findEngineProcess(): Promise<number | undefined> {
  const ours = await readlink('/proc/self/ns/net')
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    if (name.trim() !== 'dockerd') continue
    const namespace = await readlink(`/proc/${pid}/ns/net`).catch(() => '')
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    if (namespace === ours && !/^State:\tZ/m.test(status)) return Number(pid)
  }
  return undefined
}
