import { formatReplay, Replay } from '@reckon/scheduling'
import type { Command } from 'commander'
import { openApi } from '../api-client.ts'
import { outputOption } from '../options.ts'

type ReplayOptions = { from?: string; to?: string; output?: string; kubeconfig?: string }

/** So often it is told how far it has come, in events. */
const progressEvery = 20_000

/** `reckon replay`: the recorded scheduling decisions, computed again from the log; fails if one comes out otherwise. */
export function addReplay(program: Command): void {
  program
    .command('replay')
    .description(
      'compute the recorded scheduling decisions again, and tell which come out otherwise',
    )
    .option('--from <position>', 'decisions recorded from this position of the log on')
    .option('--to <position>', 'up to this one')
    .addOption(outputOption())
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')
    .action(replay)
}

async function replay({ from, to, output, kubeconfig }: ReplayOptions): Promise<void> {
  const api = await openApi(kubeconfig)
  const span = { from: positionOf('--from', from), to: positionOf('--to', to) }
  const replaying = new Replay(span)
  const hasTerminal = process.stderr.isTTY === true
  let count = 0
  // Computed here and not in the api, which only reads the log out.
  for await (const line of api.lines('/apis/history.reckon.dev/v1/events')) {
    if (line === '') continue
    const { position, revision, ...event } = JSON.parse(line)
    replaying.add({ ...event, position: BigInt(position), revision: BigInt(revision) })
    count += 1
    if (hasTerminal && count % progressEvery === 0) process.stderr.write(`\r${count} events`)
  }
  if (hasTerminal) process.stderr.write('\r')
  const report = replaying.end()
  console.log(output === 'json' ? JSON.stringify(report, null, 2) : formatReplay(report).trimEnd())
  if (report.divergences > 0) process.exitCode = 1
}

function positionOf(option: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) throw new Error(`${option}: "${text}" is no position of the log`)
  return BigInt(text)
}
