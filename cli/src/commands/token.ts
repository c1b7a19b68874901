import { existsSync } from 'node:fs'
import {
  bootstrapTokenDescription,
  bootstrapTokenEndsMs,
  humanDuration,
  type Secret,
} from '@reckon/kubernetes'
import type { Layout } from '@reckon/supervisor/reading'
import { type Command, Option } from 'commander'
import { type ApiClient, openApi } from '../asking/api-client.ts'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { outputOption } from '../formatting/output-option.ts'
import { table } from '../formatting/table.ts'
import { createToken, deleteToken, listTokens } from '../joining/bootstrap-tokens.ts'
import { joinLine } from '../joining/join-line.ts'
import { durationOf } from '../options.ts'

type Create = { dataDir: string; ttl: number; description?: string }

/** `reckon token`: manages the tokens with which machines join. */
export function defineToken(command: Command): void {
  withDataDir(command.command('create').description('make one, and print what to type elsewhere'))
    .addOption(
      new Option('--ttl <duration>', 'how long it holds; 0: until it is deleted')
        .argParser(durationOf)
        .default(dayMs, '24h'),
    )
    .option('--description <text>', 'what it is for')
    .action(create)
  withDataDir(command.command('list').description('show all, and how long they hold'))
    .addOption(outputOption())
    .action(list)
  withDataDir(command.command('delete <token>').description('take one back, by itself or its id'))
    .addHelpText('after', '\nExample:\n  reckon token delete abcdef')
    .action(remove)
  command.addHelpText('after', '\nExamples:\n  reckon token create --ttl 2h\n  reckon token list')
}

const dayMs = 24 * 3600 * 1000

async function create({ dataDir, ttl, description }: Create): Promise<void> {
  const layout = layoutFor(dataDir)
  const token = await createToken(await openOwnApi(layout), {
    ...(ttl > 0 && { lastsMs: ttl }),
    ...(description && { description }),
  })
  const line = await joinLine(layout, token)
  console.log(line ?? token)
  if (line !== undefined) return
  console.error('nobody can join yet: "reckon up --advertise <address>" lets other machines in')
}

async function list({ dataDir, output }: { dataDir: string; output?: string }): Promise<void> {
  const tokens = await listTokens(await openOwnApi(layoutFor(dataDir)))
  const idOf = (secret: Secret) => secret.metadata.name.replace(/^bootstrap-token-/, '')
  if (output === 'json') {
    const shown = tokens.map((secret) => {
      const endsMs = bootstrapTokenEndsMs(secret)
      return {
        id: idOf(secret),
        ...(endsMs !== undefined && { ends: new Date(endsMs).toISOString() }),
        description: bootstrapTokenDescription(secret),
      }
    })
    return console.log(JSON.stringify(shown, null, 2))
  }
  const row = (secret: Secret) => [
    idOf(secret),
    remainingOf(secret),
    bootstrapTokenDescription(secret),
  ]
  console.log(table(['ID', 'HOLDS FOR', 'DESCRIPTION'], tokens.map(row)))
}

function remainingOf(secret: Secret): string {
  const endsMs = bootstrapTokenEndsMs(secret)
  if (endsMs === undefined) return 'ever'
  const remainingMs = endsMs - Date.now()
  return remainingMs > 0 ? humanDuration(remainingMs) : '<expired>'
}

async function remove(token: string, { dataDir }: { dataDir: string }): Promise<void> {
  await deleteToken(await openOwnApi(layoutFor(dataDir)), token)
  console.log(`the token ${token.split('.')[0]} is deleted`)
}

/** A client for the cluster that was started here, as its administrator. */
async function openOwnApi({ dataDir, kubeconfig }: Layout): Promise<ApiClient> {
  if (existsSync(kubeconfig)) return openApi(kubeconfig)
  throw new Error(
    `there is no cluster in ${dataDir}; tokens are made where "reckon up" has started it`,
  )
}
