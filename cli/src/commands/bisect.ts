import type { Command } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { askPosition } from '../asking/ask-position.ts'
import { bisect, hasPassed, proveEnds } from '../asking/bisect.ts'
import type { PositionAnswer } from '../contexts/context-at.ts'
import { runAt } from '../contexts/run-at.ts'
import { withCluster } from '../contexts/which-cluster.ts'
import { formatEvent, type LoggedEvent } from '../formatting/format-event.ts'
import { outputOption } from '../formatting/output-option.ts'

type Options = { good: string; bad?: string; output?: string; kubeconfig?: string }

/** `reckon bisect`: finds the event from which on a check fails. */
export function defineBisect(command: Command): void {
  withCluster(command)
    .requiredOption('--good <moment>', 'when the check passed: 1h, 14:02, a position …')
    .option('--bad <moment>', 'when it failed; now if it is not said')
    .argument('<command...>', 'the check: it exits with 0 where all is well')
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
The check gets a KUBECONFIG of the moment that is looked at. It is run at both ends first: it has to pass at the one and
to fail at the other.
Example:
  reckon bisect --good 1h -- sh -c 'kubectl get deploy web -o yaml | grep -q "image: web:1"'`,
    )
    .action(search)
}

async function search(check: readonly string[], options: Options): Promise<void> {
  const { kubeconfig, output } = options
  const api = await openApi(kubeconfig)
  const good = await askPosition(api, options.good)
  const bad = await askPosition(api, options.bad ?? '0s')
  const passesAt = async (position: PositionAnswer) =>
    hasPassed(await runAt({ moment: position.position, position, kubeconfig }, check))
  await proveEnds({ good, bad }, (position) => {
    console.error(`at ${position.position}, where it has to ${position === good ? 'pass' : 'fail'}`)
    return passesAt(position)
  })
  const events: LoggedEvent[] = []
  for await (const line of api.lines(`/apis/history.reckon.dev/v1/events?since=${good.position}`)) {
    if (line === '') continue
    const event: LoggedEvent = JSON.parse(line)
    if (BigInt(event.position) > BigInt(bad.position)) break
    // A check can only notice changes of objects.
    if (event.stream.includes('/')) events.push({ ...event, data: summaryOf(event.data) })
  }
  const found = await bisect(events, ({ position, metadata }, left) => {
    console.error(`at ${position}, ${left} events left`)
    return passesAt({ position, time: metadata?.time ?? '', prefix: `/at/${position}` })
  })
  if (found === undefined) throw new Error('nothing is recorded between these moments')
  console.log(
    output === 'json'
      ? JSON.stringify(found, null, 2)
      : formatEvent(found, { color: process.stdout.isTTY === true }),
  )
}

/** Keeps only what is shown of an event, since there may be thousands. */
const summaryOf = (data: unknown): unknown =>
  typeof data === 'object' && data !== null && 'patch' in data ? { patch: data.patch } : undefined
