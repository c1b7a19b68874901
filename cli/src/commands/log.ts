import type { Command } from 'commander'
import { openApi } from '../api-client.ts'
import { formatEvent, type LoggedEvent } from '../format-event.ts'
import { outputOption } from '../output-option.ts'

type LogOptions = {
  follow?: boolean
  stream?: string
  since?: string
  actor?: string
  type?: string
  correlation?: string
  limit?: string
  output?: string
  kubeconfig?: string
}

const filters = ['stream', 'since', 'actor', 'type', 'correlation', 'limit', 'follow'] as const

/** `reckon log`: the events of the cluster. */
export function defineLog(command: Command): void {
  command
    .option('-f, --follow', 'go on with what is recorded from now on')
    .option('--stream <stream>', 'of one object, e.g. pods-default/web, or one kind, e.g. pods')
    .option('--since <time>', 'a duration (10m, 2h), a time (2026-11-21T14:02:00Z) or a position')
    .option('--actor <user>', 'what one user or service did, e.g. admin, kube-scheduler')
    .option('--type <event>', 'e.g. PodScheduled')
    .option('--correlation <id>', 'everything that followed from one request')
    .option('--limit <count>', 'the last so many')
    .addOption(outputOption('one event each line'))
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')
    .addHelpText(
      'after',
      `
Examples:
  reckon log --since 10m
  reckon log --follow --stream pods
  reckon log --type PodScheduled -o json | jq .data.decision.message`,
    )
    .action(log)
}

async function log(options: LogOptions): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const query = new URLSearchParams()
  for (const filter of filters) {
    const value = options[filter]
    if (value !== undefined)
      query.set(filter, filter === 'since' ? sinceOf(value as string) : String(value))
  }
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR
  for await (const line of api.lines(`/apis/history.reckon.dev/v1/events?${query}`)) {
    if (line === '') continue
    console.log(
      options.output === 'json' ? line : formatEvent(JSON.parse(line) as LoggedEvent, { color }),
    )
  }
}

const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A position as it is; a duration before now, or a time, as RFC 3339. */
function sinceOf(text: string): string {
  if (/^\d+$/.test(text)) return text
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const ms = count ? Date.now() - Number(count) * (unitMs[unit] ?? 0) : Date.parse(text)
  if (Number.isNaN(ms)) throw new Error(`--since: "${text}" is neither a duration (10m) nor a time`)
  return new Date(ms).toISOString()
}
