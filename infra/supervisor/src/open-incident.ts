import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { defaultSettings } from '@reckon/domain'
import { ensureCertificates } from './keys/certificates.ts'
import type { Layout } from './layout.ts'
import { mainOf } from './processes/our-process.ts'
import { writeKubeconfig } from './settings/kubeconfig.ts'

/** An exported log that is served; it is no more once this is disposed of. */
type OpenedIncident = AsyncDisposable & {
  port: number
  /** How many events it has. */
  events: number
  /** Resolves when it is served no more. */
  ended: Promise<unknown>
}

/** Serves what was exported by an API of its own; how that is reached stands in the layout's kubeconfig. */
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
  const child = spawn(process.execPath, [mainOf('@reckon/api/opened'), ...flags], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  let log = ''
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    log = (log + part).slice(-logMax)
  })
  const ended = once(child, 'exit')
  const told = await Promise.race([served(child), ended.then(() => undefined)])
  if (told === undefined) throw new Error(`${file} cannot be opened: ${reasonIn(log)}`)
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

/** So much of what it logs is kept, for the case that it ends. */
const logMax = 64 * 1024

/** What it ended by, which it logged last. */
function reasonIn(log: string): string {
  const last = log.trim().split('\n').at(-1) ?? ''
  return /"message":"([^"]*)"/.exec(last)?.[1] ?? last
}

async function served(child: ChildProcess): Promise<{ port: number; events: number }> {
  const [told]: { port: number; events: number }[] = await once(child, 'message')
  if (told === undefined) throw new Error('it tells nothing')
  return told
}
