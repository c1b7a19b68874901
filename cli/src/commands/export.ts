import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { type Command, Option } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { askPosition } from '../asking/ask-position.ts'
import { withCluster } from '../contexts/which-cluster.ts'
import { neededEvents } from '../incident/needed-events.ts'
import { openForWriting } from '../incident/open-for-writing.ts'

type ExportOptions = { from?: string; to: string; namespace?: string; kubeconfig?: string }

/** `reckon export`: writes the log, or a span of it, to a file that `reckon open` can serve elsewhere. */
export function defineExport(command: Command): void {
  withCluster(command)
    .argument('<file>', 'where to write it: lines of JSON, compressed by zstd')
    .option('--from <moment>', 'what came after, and what was there then; else from the beginning')
    .addOption(new Option('--to <moment>', 'up to there').default('0s', 'now'))
    .option('-n, --namespace <names>', 'only of these namespaces (shop,bank), and what is in none')
    .addHelpText(
      'after',
      `
The values of Secrets are not in it. What was gone before --from is not, either.
Examples:
  reckon export incident.jsonl.zst --from 2h --to 1h
  reckon export incident.jsonl.zst --from 2h -n shop
  zstdcat incident.jsonl.zst | jq .type`,
    )
    .action(exportTo)
}

async function exportTo(
  file: string,
  { from: beginning, to: end, namespace, kubeconfig }: ExportOptions,
): Promise<void> {
  const api = await openApi(kubeconfig)
  const to = await askPosition(api, end)
  const from = beginning === undefined ? undefined : await askPosition(api, beginning)
  const namespaces = namespace ? new Set(namespace.split(',')) : undefined
  const span = { after: from && BigInt(from.position), upTo: BigInt(to.position), namespaces }
  let count = 0
  async function* text() {
    const ends = { ...(from && { from: momentOf(from) }), to: momentOf(to) }
    yield `${JSON.stringify({ incident: { form: 1, ...ends } })}\n`
    const lines = api.lines('/apis/history.reckon.dev/v1/events')
    for await (const line of neededEvents(lines, span)) {
      count += 1
      yield `${line}\n`
    }
  }
  const output = await openForWriting(file)
  await pipeline(text, createZstdCompress(), output.createWriteStream())
  const since = from ? ` from ${from.position} (${from.time})` : ''
  console.log(`${file}: ${count} events${since} up to ${to.position} (${to.time})`)
}

const momentOf = ({ position, time }: { position: string; time: string }) => ({ position, time })
