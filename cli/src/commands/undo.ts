import type { Command } from 'commander'
import { type ApiClient, expectJson, openApi } from '../api-client.ts'
import { confirm } from '../confirm.ts'
import { formatUndo, type ToldUndo } from '../format-undo.ts'
import { momentFrom } from '../moment.ts'
import { outputOption } from '../output-option.ts'

type UndoOptions = {
  request?: string
  user?: string
  since?: string
  namespace?: string
  to?: string
  yes?: boolean
  dryRun?: boolean
  output?: string
  kubeconfig?: string
}

/** `reckon undo`: what was done is taken back, shown before as a diff. */
export function defineUndo(command: Command): void {
  command
    .argument('[position]', 'all that the request did to which the event at this position belongs')
    .option(
      '--request <id>',
      'all that this request did (its Audit-Id, the correlation in the log)',
    )
    .option('--user <name>', 'what this user did, with --since')
    .option('--since <moment>', 'a duration (1h), a day, a time (14:02) or a position')
    .option('-n, --namespace <name>', 'what was done in this namespace, with --to')
    .option('--to <moment>', 'the moment to which the namespace goes back')
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('-y, --yes', 'do not ask')
    .addOption(outputOption())
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')
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
  const selection = selectionOf(position, options)
  const api = await openApi(options.kubeconfig)
  const isJson = options.output === 'json'
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR
  const show = (told: ToldUndo) =>
    console.log(isJson ? JSON.stringify(told, null, 2) : formatUndo(told, { color }))
  const plan = await askUndo(api, selection, '?dryRun=All')
  const isDone = plan.undos.length === 0 || options.dryRun === true
  if (isDone || !isJson) show(plan)
  if (isDone) return
  const conflicts = plan.undos.flatMap((each) => each.conflicts).length
  if (conflicts > 0)
    throw new Error(`nothing is undone: ${conflicts} fields collide with later changes`)
  if (!options.yes && !(await isWanted())) return console.error('nothing is changed')
  const done = await askUndo(api, selection)
  show(done)
  const failed = done.undos.filter(({ outcome }) => outcome === 'Failed').length
  if (failed > 0) throw new Error(`${failed} of ${done.undos.length} could not be undone`)
}

async function isWanted(): Promise<boolean> {
  if (process.stdin.isTTY) return confirm('Undo this?')
  throw new Error(
    'nothing is changed: nobody is there to ask; --yes does it, --dry-run only shows it',
  )
}

const askUndo = async (api: ApiClient, selection: object, query = ''): Promise<ToldUndo> =>
  expectJson<ToldUndo>(await api.ask('POST', `/apis/history.reckon.dev/v1/undo${query}`, selection))

/** What is to be undone, as the API takes it; throws where nothing or more than one thing is named. */
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

function momentText(option: string, text: string): string {
  const moment = momentFrom(option, text)
  if (moment === undefined) return text
  return 'position' in moment ? String(moment.position) : new Date(moment.timeMs).toISOString()
}
