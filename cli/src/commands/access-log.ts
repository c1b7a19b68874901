import { join } from 'node:path'
import { hasCode } from '@reckon/process/error-code'
import type { Command } from 'commander'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { readLines } from '../followed-file.ts'
import { outputOption } from '../formatting/output-option.ts'
import { countOf } from '../options.ts'

/** A line of the edge's access log; missing values are null. */
type AccessLine = {
  time: string
  method: string | null
  host: string | null
  path: string | null
  status: number
  durationMs: number
  upstream: string | null
  flags: string | null
  ingress: string | null
  position: string | null
}

type AccessOptions = {
  dataDir: string
  follow?: boolean
  tail: number
  host?: string
  ingress?: string
  output?: string
}

/**
 * `reckon access-log`: the requests that this machine's edge answered. It reads Envoy's own file, so it works whatever
 * else is down; each machine's edge has a file of its own.
 */
export function defineAccessLog(command: Command): void {
  withDataDir(command)
    .option('-f, --follow', 'go on with what is answered from now on')
    .option('--tail <count>', 'begin with the last so many', countOf, 100)
    .option('--host <host>', 'only requests to this host')
    .option('--ingress <namespace/name>', 'only requests that this Ingress led')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nEach line ends with the Ingress and the position that made its route: "reckon route <host> <path> --at <position>" tells the rest.' +
        '\n\nExample:\n  reckon access-log -f --host shop.test',
    )
    .action(accessLog)
}

async function accessLog(options: AccessOptions): Promise<void> {
  const { follow, tail, host, ingress, output } = options
  const file = join(layoutFor(options.dataDir).envoy, 'access.jsonl')
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const reading = { tail, earlier: `${file}.1`, ...(follow && { follow: stop.signal }) }
  try {
    for await (const text of readLines(file, reading)) {
      const line: AccessLine = JSON.parse(text)
      if (host && line.host?.toLowerCase() !== host.toLowerCase()) continue
      if (ingress && line.ingress !== ingress) continue
      console.log(output === 'json' ? text : shown(line))
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    throw new Error(`no edge has run here (there is no ${file}); "reckon status" shows what does`)
  }
}

function shown(line: AccessLine): string {
  const { time, method, host, path, status, durationMs, upstream, flags, ingress, position } = line
  const request = `${method ?? '-'} ${host ?? '-'}${path ?? ''}`
  const why = flags && flags !== '-' ? ` (${flags})` : ''
  const route = ingress ? `${ingress}@${position}` : 'no Ingress'
  return `${time} ${request} → ${status}${why} ${durationMs}ms ${upstream ?? '-'} ${route}`
}
