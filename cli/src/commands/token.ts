import {
  bootstrapTokenDescription,
  bootstrapTokenEndsMs,
  humanDuration,
  type Secret,
} from '@reckon/kubernetes'
import type { Command } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { table } from '../formatting/table.ts'
import { createToken, deleteToken, listTokens } from '../joining/bootstrap-tokens.ts'
import { joinLine } from '../joining/join-line.ts'
import { durationOf } from '../options.ts'

type Create = { dataDir: string; ttl: number; description?: string }

/** `reckon token`: the tokens by which machines join. */
export function defineToken(command: Command): void {
  withDataDir(command.command('create').description('make one, and print what to type elsewhere'))
    .option(
      '--ttl <duration>',
      'how long it holds (24h; 0: until it is deleted)',
      durationOf,
      dayMs,
    )
    .option('--description <text>', 'what it is for')
    .action(create)
  withDataDir(command.command('list').description('show all, and how long they hold')).action(list)
  withDataDir(command.command('delete <token>').description('take one back, by itself or its id'))
    .addHelpText('after', '\nExample:\n  reckon token delete abcdef')
    .action(remove)
  command.addHelpText('after', '\nExamples:\n  reckon token create --ttl 2h\n  reckon token list')
}

const dayMs = 24 * 3600 * 1000

async function create({ dataDir, ttl, description }: Create): Promise<void> {
  const layout = layoutFor(dataDir)
  const token = await createToken(await openApi(layout.kubeconfig), {
    ...(ttl > 0 && { lastsMs: ttl }),
    ...(description && { description }),
  })
  const line = await joinLine(layout, token)
  console.log(line ?? token)
  if (line !== undefined) return
  console.error('nobody can join yet: "reckon up --advertise <address>" lets other machines in')
}

async function list({ dataDir }: { dataDir: string }): Promise<void> {
  const tokens = await listTokens(await openApi(layoutFor(dataDir).kubeconfig))
  const row = (secret: Secret) => [
    secret.metadata.name.replace(/^bootstrap-token-/, ''),
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
  await deleteToken(await openApi(layoutFor(dataDir).kubeconfig), token)
  console.log(`the token ${token.split('.')[0]} is deleted`)
}
