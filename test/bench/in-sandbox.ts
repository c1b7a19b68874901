import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { findComponents } from '@reckon/bootstrap'
import { buildImages, loadImages } from '@reckon/examples/images'
import { openSandbox } from '../e2e/sandbox.ts'
import { root } from '../run-tests.ts'
import type { Measured } from './benchmark.ts'

const loaded = ['busybox:latest', 'reckon/pause:1']

/** Whether this process is in the sandbox already. */
export const isInSandbox = process.env.RECKON_E2E_FOLDER !== undefined

/** Runs benchmarks of whole clusters in a machine of their own, which is gone afterwards however they end. */
export async function runInSandbox(argv: readonly string[]): Promise<Measured[]> {
  const { envoy } = await findComponents()
  if (!envoy) throw new Error('these benchmarks need Envoy: "npm run setup" installs it')
  const images = await buildImages(`${root}.reckon/images`, console.error)
  const sandbox = await openSandbox()
  try {
    const archives = images.filter(({ name }) => loaded.includes(name))
    await loadImages(
      archives.map(({ archive }) => archive),
      sandbox.dockerSocket,
    )
    const main = fileURLToPath(new URL('main.ts', import.meta.url))
    const [command = '', ...args] = [
      ...sandbox.enter,
      process.execPath,
      main,
      ...argv,
      '-o',
      'json',
    ]
    const env = {
      ...process.env,
      RECKON_E2E_FOLDER: sandbox.folder,
      RECKON_E2E_DOCKER: sandbox.dockerSocket,
      RECKON_ENVOY: envoy.path,
    }
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
