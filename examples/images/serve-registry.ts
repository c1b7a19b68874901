import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fillRegistryStorage } from './registry-storage.ts'

/** A registry that serves until it is closed. */
export type Registry = { url: string; pid: number; close(): Promise<void> }

/**
 * Serves the archives' images from a read-only registry on loopback, under the names that Docker Hub gives them
 * (`library/redis`). `program` is the `docker-registry` to run; port 0 takes a free one; `dir` is its storage.
 */
export async function serveRegistry(options: {
  archives: readonly string[]
  port: number
  dir: string
  program?: string
}): Promise<Registry> {
  const { archives, port, dir, program = 'docker-registry' } = options
  await mkdir(dir, { recursive: true })
  await fillRegistryStorage(archives, dir)
  // Machines of one folder have registries of their own.
  const configPath = join(dir, `config-${port}.yml`)
  await writeFile(configPath, JSON.stringify(configuration(dir, port)))
  const child = startBound(program, ['serve', configPath])
  const address = await listening(child)
  return {
    url: `http://${address}`,
    pid: child.pid ?? 0,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

// JSON is YAML too, and quotes any path.
function configuration(dir: string, port: number): object {
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: dir }, maintenance: { readonly: { enabled: true } } },
    http: { addr: `127.0.0.1:${port}` },
  }
}

/** Starts a program that dies with us, also when we are killed: else it would keep the port for ever. */
function startBound(program: string, args: readonly string[]): ChildProcess {
  const setpriv = '/usr/bin/setpriv'
  const stdio = ['ignore', 'ignore', 'pipe'] as const
  if (isExecutable(setpriv))
    return spawn(setpriv, ['--pdeathsig', 'TERM', program, ...args], { stdio: [...stdio] })
  return spawn(program, args, { stdio: [...stdio] })
}

/** Resolves with the address once the registry says that it listens there; its last words are the error. */
async function listening(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let lastLine = ''
  child.on('error', reject)
  child.on('exit', (code) => reject(new Error(`docker-registry ended (${code}): ${lastLine}`)))
  if (!child.stderr) throw new Error('docker-registry was started without a pipe for its log')
  createInterface(child.stderr).on('line', (line) => {
    lastLine = line
    const address = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1]
    if (address) resolve(address)
  })
  return await promise
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
