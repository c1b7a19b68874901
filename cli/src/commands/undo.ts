import type { Command } from 'commander'
import { momentText } from '../asking/moment.ts'
import { type TakeBackOptions, takeBack, takeBackOptions } from '../asking/take-back.ts'

type UndoOptions = TakeBackOptions & {
  request?: string
  user?: string
  since?: string
  namespace?: string
  to?: string
}

/** `reckon undo`: reverts changes, after showing a diff. */
export function defineUndo(command: Command): void {
  takeBackOptions(command)
    .argument('[position]', 'all that the request did to which the event at this position belongs')
    .option(
      '--request <id>',
      'all that this request did (its Audit-Id, the correlation in the log)',
    )
    .option('--user <name>', 'what this user did, with --since')
    .option('--since <moment>', 'a duration (1h), a day, a time (14:02) or a position')
    .option('-n, --namespace <name>', 'what was done in this namespace, with --to')
    .option('--to <moment>', 'the moment to which the namespace goes back')
    .addHelpText(
      'after',
      `
The changes are shown first, merged with what came later. Where they collide with it, nothing is done.
An undo is an ordinary change: it can be undone in turn.

Examples:
  reckon undo 1042
  reckon undo --user bob --since 1h --dry-run
  reckon undo -n shop --to 14:02`,
    )
    .action(undo)
}

async function undo(position: string | undefined, options: UndoOptions): Promise<void> {
  const body = selectionOf(position, options)
  await takeBack({ path: '/apis/history.reckon.dev/v1/undo', body }, options)
}

/** The selection of changes for the API; throws unless exactly one is given. */
function selectionOf(position: string | undefined, options: UndoOptions): object {
  const { request, user, since, namespace, to } = options
  const named = [position, request, user ?? since, namespace ?? to].filter(Boolean)
  if (named.length === 1) {
    if (position) return { position }
    if (request) return { request }
    if (user && since) return { user, since: momentText('--since', since) }
    if (namespace && to) return { namespace, to: momentText('--to', to) }
  }
  throw new Error(
    'name what to undo: a position of the log, --request, --user with --since, or --namespace with --to',
  )
}
