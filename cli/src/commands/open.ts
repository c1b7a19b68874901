import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { layoutOf, openIncident } from '@reckon/supervisor'
import { type Command, Option } from 'commander'
import { runWith } from '../contexts/run-at.ts'
import { portOf } from '../options.ts'

/** `reckon open`: serves a file of `reckon export` to kubectl and to the commands about the past. */
export function defineOpen(command: Command): void {
  command
    .argument('<file>', 'what "reckon export" wrote')
    .argument('[command...]', 'what to run with it; without, it is served until Ctrl-C')
    .addOption(
      new Option('--port <port>', 'of 127.0.0.1').argParser(portOf).default(0, 'any free one'),
    )
    .addHelpText(
      'after',
      `
Nothing can be changed in it. "Now" is the moment of its end.
Examples:
  reckon open incident.jsonl.zst
  reckon open incident.jsonl.zst -- kubectl get pods -A -o wide
  reckon open incident.jsonl.zst -- reckon why pod/web`,
    )
    .action(open)
}

async function open(
  file: string,
  command: readonly string[],
  { port }: { port: number },
): Promise<void> {
  // Remove the folder even after an interrupt: it contains keys.
  const interrupted = once(process, 'SIGINT')
  const folder = await mkdtemp(join(tmpdir(), 'reckon-open-'))
  try {
    const layout = layoutOf(folder)
    await using incident = await openIncident(layout, { file: resolve(file), port })
    if (command.length > 0) {
      process.exitCode = await runWith(layout.kubeconfig, command)
      return
    }
    console.log(`${file}: ${incident.events} events, at https://127.0.0.1:${incident.port}`)
    console.log(`export KUBECONFIG=${layout.kubeconfig}`)
    await Promise.race([incident.ended, interrupted, once(process, 'SIGTERM')])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
