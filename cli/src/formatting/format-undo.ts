import type { FieldChange } from '@reckon/kubernetes'
import pc from 'picocolors'
import { fieldText, valueText } from './history-text.ts'

/** An undo as the history API returns it. */
export type UndoAnswer = {
  applied: boolean
  upTo: string
  undos: readonly {
    action: 'Create' | 'Update' | 'Delete' | 'None'
    kind: string
    namespace?: string
    name: string
    undoes: string
    changes: readonly FieldChange[]
    conflicts: readonly { field: string; made?: unknown; before?: unknown; now?: unknown }[]
    outcome?: 'Applied' | 'Already' | 'Failed' | 'Unknown'
    message?: string
  }[]
  lost: readonly { stream: string; why: string }[]
}

/** What an undo does or did: each object with its fields, then conflicts, and what cannot be restored. */
export function formatUndo(answer: UndoAnswer, { color }: { color: boolean }): string {
  const { red, green, yellow, dim, bold } = pc.createColors(color)
  const colorOf = { Create: green, Update: yellow, Delete: red, None: dim }
  const lines = answer.undos.flatMap((undo) => [
    [
      colorOf[undo.action](undo.action.toLowerCase().padEnd(6)),
      bold(`${undo.kind.toLowerCase()}/${undo.name}`),
      ...(undo.namespace ? [`in ${undo.namespace}`] : []),
      dim(`(undoes ${undo.undoes})`),
      ...(undo.outcome ? [outcomes[undo.outcome]] : []),
      ...(undo.message ? [red(undo.message)] : []),
    ].join(' '),
    ...undo.changes.map((change) => `     ${fieldText(change)}`),
    ...undo.conflicts.map(({ field, made, before, now }) =>
      red(
        `       ${field || 'the object'} collides: it was ${shown(made)} then, would be ${shown(before)} again, and is ${shown(now)} since`,
      ),
    ),
  ])
  const lost = answer.lost.map(({ stream, why }) => red(`lost   ${stream}: ${why}`))
  return lines.length + lost.length === 0
    ? 'nothing is left to undo: nothing was changed since then, or it is as it was before'
    : [...lines, ...lost].join('\n')
}

const outcomes = {
  Applied: 'done',
  Already: 'was so already',
  Failed: 'failed:',
  Unknown: 'perhaps done:',
}

const shown = (value: unknown): string => (value === undefined ? 'absent' : valueText(value))
