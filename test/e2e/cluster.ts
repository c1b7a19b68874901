import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findKubectls } from '@reckon/bootstrap'
import Docker from 'dockerode'
import { replayLog } from '../replay-log.ts'
import { root } from '../run-tests.ts'

const runFile = promisify(execFile)
const outputBytesMax = 64 * 1024 * 1024

/** A real cluster in the sandbox that the runner created, driven by the commands that a user types. */
export type TestCluster = Awaited<ReturnType<typeof openCluster>>

const sandboxFolder = process.env.RECKON_E2E_FOLDER
const dockerSocket = process.env.RECKON_E2E_DOCKER

/** Starts nothing yet; `up` does, with the Reckon in this folder. `name` is the data directory's name. */
export async function openCluster(name: string, folder = root) {
  assert.ok(sandboxFolder && dockerSocket, 'run these by "npm test" or "node test/e2e/main.ts"')
  const dataDir = join(sandboxFolder, name)
  const [newest] = await findKubectls()
  assert.ok(newest, 'the end-to-end tests need a kubectl')
  const docker = new Docker({ socketPath: dockerSocket })
  const env = { ...process.env, KUBECONFIG: join(dataDir, 'kubeconfig') }

  const command = async (file: string, args: readonly string[]): Promise<string> => {
    const options = { cwd: root, env, maxBuffer: outputBytesMax }
    const { stdout } = await runFile(file, [...args], options).catch((error) => {
      throw new Error(`${file} ${args.join(' ')}\n${error.stdout}${error.stderr}`)
    })
    return stdout
  }
  const reckon = (...args: string[]) => command(join(folder, 'node_modules/.bin/reckon'), args)
  const ofMachine = (verb: string) => reckon(verb, '--data-dir', dataDir)
  const readCluster = () =>
    JSON.parse(readFileSync(join(dataDir, 'cluster.json'), 'utf8')) as {
      id: string
      ports: { api: number; ingressHttp: number; nats: number; eventStore: number }
    }

  return {
    dataDir,
    docker,
    readCluster,
    reckon,
    up: (...args: string[]) =>
      reckon('up', '--detach', '--data-dir', dataDir, '--docker-host', dockerSocket, ...args),
    down: () => ofMachine('down'),
    /** Removes the cluster; fails where a decision is not reproduced. */
    reset: () => replayLog(dataDir).finally(() => ofMachine('reset')),
    status: async () => {
      const text = await reckon('status', '--data-dir', dataDir, '-o', 'json')
      return JSON.parse(text) as {
        supervisor?: number
        processes: { name: string; state: string; pid?: number; position?: string; head?: string }[]
      }
    },
    kubectlPath: newest.path,
    kubectl: (...args: string[]) => command(newest.path, args),
    /** Runs a kubectl of some version. */
    env,
    json: async <T>(...args: string[]) =>
      JSON.parse(await command(newest.path, [...args, '-o', 'json'])) as T,
    /** Applies a manifest given as text. */
    apply: (manifest: string) => pipe(newest.path, ['apply', '-f', '-'], manifest, env),
    containers: async () => {
      const label = `reckon.cluster=${readCluster().id}`
      return docker.listContainers({ all: true, filters: { label: [label] } })
    },
  }
}

function pipe(
  file: string,
  args: readonly string[],
  input: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    let [output, errors] = ['', '']
    child.stdout.on('data', (part) => {
      output += part
    })
    child.stderr.on('data', (part) => {
      errors += part
    })
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve(output) : reject(new Error(errors))))
    child.stdin.end(input)
  })
}

/** An HTTP server's answer; refused connections and broken answers have code 0. */
export const get = (url: string, host?: string): Promise<{ code: number; body: string }> =>
  new Promise((resolve) => {
    const asked = request(url, { timeout: 5000, headers: host ? { host } : {} })
    asked.on('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('end', () => resolve({ code: response.statusCode ?? 0, body }))
      response.on('error', () => resolve({ code: 0, body }))
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve({ code: 0, body: '' }))
    asked.end()
  })

const restMs = { least: 100, most: 500 }

/**
 * Waits until it holds; on timeout, says what it waited for. A check may take a process, so it pauses as long as the
 * check took, or checking would keep a core busy.
 */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  timeoutMs = 60_000,
): Promise<void> {
  const end = performance.now() + timeoutMs
  for (let begun = performance.now(); !(await holds()); begun = performance.now()) {
    assert.ok(performance.now() < end, `waited ${timeoutMs} ms in vain until ${what}`)
    await after(Math.min(restMs.most, Math.max(restMs.least, performance.now() - begun)))
  }
}
