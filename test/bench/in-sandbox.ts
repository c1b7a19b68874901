import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { prepareSandboxes } from '../e2e/ready-sandbox.ts'
import type { Measured } from './benchmark.ts'

/** Whether this process already runs in the sandbox. */
export const isInSandbox = process.env.RECKON_E2E_FOLDER !== undefined

/** Runs benchmarks of whole clusters in a sandbox, which is removed afterwards however they end. */
export async function runInSandbox(argv: readonly string[]): Promise<Measured[]> {
  const open = await prepareSandboxes(console.error)
  const sandbox = await open(`reckon-bench-${process.pid}`)
  try {
    const main = fileURLToPath(new URL('main.ts', import.meta.url))
    const [command = '', ...args] = [
      ...sandbox.enter,
      process.execPath,
      main,
      ...argv,
      '-o',
      'json',
    ]
    const env = { ...process.env, ...sandbox.env }
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
    let printed = ''
    child.stdout.on('data', (part) => {
      printed += part
    })
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`the benchmarks in the sandbox ended with ${code}`)
    return JSON.parse(printed) as Measured[]
  } finally {
    await sandbox.close()
  }
}
