import type { Command } from 'commander'
import { withCluster } from '../contexts/which-cluster.ts'
import { counted } from '../formatting/counted.ts'
import { formatUndo, type UndoAnswer } from '../formatting/format-undo.ts'
import { outputOption } from '../formatting/output-option.ts'
import { expectJson, openApi } from './api-client.ts'

export type TakeBackOptions = {
  yes?: boolean
  dryRun?: boolean
  output?: string
  kubeconfig?: string
}

/** Options of all commands that revert something. */
export const takeBackOptions = (command: Command): Command =>
  withCluster(command)
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('-y, --yes', 'do not ask')
    .addOption(outputOption())

/**
 * Shows a plan, asks, and carries it out; throws where it conflicts with later changes, or cannot be done completely.
 */
export async function takeBack(
  { path, query = {}, body }: { path: string; query?: Record<string, string>; body?: object },
  options: TakeBackOptions,
): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const isJson = options.output === 'json'
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR
  const ask = async (more: Record<string, string>, upTo?: string) => {
    const asked = new URLSearchParams({ ...query, ...more })
    const sent = body && { ...body, ...(upTo && { upTo }) }
    return expectJson<UndoAnswer>(await api.ask('POST', `${path}?${asked}`, sent))
  }
  const show = (answer: UndoAnswer) =>
    console.log(isJson ? JSON.stringify(answer, null, 2) : formatUndo(answer, { color }))
  const plan = await ask({ dryRun: 'All' })
  const isDone = plan.undos.length === 0 || options.dryRun === true
  if (isDone || !isJson) show(plan)
  if (isDone) return
  const conflicts = plan.undos.flatMap((each) => each.conflicts).length
  if (conflicts > 0) {
    const collide = conflicts === 1 ? 'collides' : 'collide'
    throw new Error(
      `nothing is undone: ${counted(conflicts, 'field')} ${collide} with later changes`,
    )
  }
  if (!options.yes && !(await isWanted())) return console.error('nothing is changed')
  // Changes made while the user was thinking were not shown, and are left alone.
  const done = await ask({}, plan.upTo)
  show(done)
  const failed = done.undos.filter(
    ({ outcome }) => outcome === 'Failed' || outcome === 'Unknown',
  ).length
  if (failed > 0) throw new Error(`${failed} of ${done.undos.length} could not be undone`)
}

async function isWanted(): Promise<boolean> {
  if (process.stdin.isTTY) {
    const { askYesNo } = await import('@reckon/bootstrap')
    return askYesNo('Do this?', 'no')
  }
  throw new Error(
    'nothing is changed: nobody is there to ask; --yes does it, --dry-run only shows it',
  )
}
