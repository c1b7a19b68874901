import type { Command } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { eventLines, followedEvents } from '../asking/event-lines.ts'
import { momentText } from '../asking/moment.ts'
import { withCluster } from '../contexts/which-cluster.ts'
import { formatEvent, type LoggedEvent } from '../formatting/format-event.ts'
import { outputOption } from '../formatting/output-option.ts'

type LogOptions = {
  follow?: boolean
  stream?: string
  since?: string
  before?: string
  actor?: string
  type?: string
  correlation?: string
  limit?: string
  output?: string
  kubeconfig?: string
}

const filters = ['stream', 'actor', 'type', 'correlation', 'limit', 'follow'] as const
const moments = ['since', 'before'] as const

/** `reckon log`: lists the events of the cluster. */
export function defineLog(command: Command): void {
  withCluster(command)
    .option('-f, --follow', 'go on with what is recorded from now on')
    .option('--stream <stream>', 'of one object, e.g. pods-default/web, or one kind, e.g. pods')
    .option(
      '--since <time>',
      'a duration (1h30m), a day (2026-11-25), a time (14:02) or a position',
    )
    .option('--before <time>', 'what was recorded before that, as --since')
    .option('--actor <user>', 'what one user or service did, e.g. admin, kube-scheduler')
    .option('--type <event>', 'e.g. PodScheduled')
    .option('--correlation <id>', 'everything that followed from one request')
    .option('--limit <count>', 'the last so many')
    .addOption(
      outputOption('one event each line; audit: as an audit log of Kubernetes', ['json', 'audit']),
    )
    .addHelpText(
      'after',
      `
Examples:
  reckon log --since 10m
  reckon log --follow --stream pods
  reckon log --since 1d -o audit > audit.jsonl
  reckon log --type PodScheduled -o json | jq .data.decision.message`,
    )
    .action(log)
}

async function log(options: LogOptions): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const query = queryOf(options)
  const format = await formatterOf(options)
  let count = 0
  for await (const line of options.follow ? followedEvents(api, query) : eventLines(api, query)) {
    const text = format(line)
    if (text === undefined) continue
    console.log(text)
    count += 1
  }
  if (count === 0) console.error(await nothingFound(options))
}

/** Formats a line of the API; a line that yields nothing is omitted. */
async function formatterOf({ output }: LogOptions): Promise<(line: string) => string | undefined> {
  if (output === 'json') return (line) => line
  if (output === 'audit') {
    // The kinds must be loaded to know their versions.
    const { auditEventOf } = await import('../formatting/audit-event.ts')
    return (line) => {
      const auditEvent = auditEventOf(JSON.parse(line) as LoggedEvent)
      return auditEvent && JSON.stringify(auditEvent)
    }
  }
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR
  return (line) => formatEvent(JSON.parse(line) as LoggedEvent, { color })
}

function queryOf(options: LogOptions): URLSearchParams {
  const query = new URLSearchParams()
  for (const filter of filters) {
    const value = options[filter]
    if (value !== undefined) query.set(filter, String(value))
  }
  for (const name of moments) {
    const value = options[name]
    if (value !== undefined) query.set(name, momentText(`--${name}`, value))
  }
  return query
}

async function nothingFound({ type }: LogOptions): Promise<string> {
  if (type === undefined) return 'no event is like that'
  // All kinds must be loaded to know their events.
  const { nearTypes } = await import('../asking/event-types.ts')
  const near = nearTypes(type)
  if (near === undefined) return `no ${type} is recorded that is like that`
  return `no event is called "${type}"${near.length > 0 ? `; near: ${near.join(', ')}` : ''}`
}
