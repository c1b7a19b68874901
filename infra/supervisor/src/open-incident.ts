import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { defaultSettings } from '@reckon/domain'
import { ensureCertificates } from './keys/certificates.ts'
import type { Layout } from './layout.ts'
import { loggedReason } from './processes/logged-reason.ts'
import { runMain } from './processes/our-process.ts'
import { writeKubeconfig } from './settings/kubeconfig.ts'

/** An exported log that is being served, until this is disposed of. */
type OpenedIncident = AsyncDisposable & {
  port: number
  /** The number of its events. */
  events: number
  /** Resolves when it is no longer served. */
  ended: Promise<unknown>
}

/** Serves an export by an api process of its own; the layout's kubeconfig says how to reach it. */
export async function openIncident(
  layout: Layout,
  { file, port }: { file: string; port: number },
): Promise<OpenedIncident> {
  await ensureCertificates(layout, defaultSettings)
  const args = {
    ...{ file, port: String(port), 'tls-cert': layout.certificate('api') },
    ...{ 'tls-key': layout.key('api'), 'client-ca': layout.certificate('ca') },
  }
  const flags = Object.entries(args).map(([name, value]) => `--${name}=${value}`)
  const child = spawn(process.execPath, [...runMain('@reckon/api/opened'), ...flags], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  let log = ''
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    log = (log + part).slice(-logMax)
  })
  const ended = once(child, 'exit')
  const told = await Promise.race([served(child), ended.then(() => undefined)])
  if (told === undefined) throw new Error(`${file} cannot be opened: ${loggedReason(log)}`)
  await writeKubeconfig(layout, told.port)
  return {
    ...told,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** How much of its output is kept, to explain why it ended. */
const logMax = 64 * 1024

async function served(child: ChildProcess): Promise<{ port: number; events: number }> {
  const [told]: { port: number; events: number }[] = await once(child, 'message')
  if (told === undefined) throw new Error('it tells nothing')
  return told
}
