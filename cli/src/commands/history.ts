import type { Author } from '@reckon/domain'
import type { FieldChange } from '@reckon/kubernetes'
import type { Command } from 'commander'
import { type AboutObject, aboutObject, askHistory } from '../asking/ask-history.ts'
import { authorText, fieldText, timeText } from '../formatting/history-text.ts'

type HistoryAnswer = {
  folded: number
  changes: (Author & { type: string; effect: string; fields: FieldChange[] })[]
}

/** `reckon history`: the changes of an object, and who made them. */
export function defineHistory(command: Command): void {
  aboutObject(command)
    .argument('<kind/name>', 'the object, also one that is gone')
    .addHelpText(
      'after',
      '\nExamples:\n  reckon history deployment/web\n  reckon history node/node-1 --all -o json',
    )
    .action(history)
}

async function history(text: string, options: AboutObject): Promise<void> {
  const answer = await askHistory<HistoryAnswer>(text, 'history', options)
  console.log(options.output === 'json' ? JSON.stringify(answer, null, 2) : formatHistory(answer))
}

function formatHistory({ changes, folded }: HistoryAnswer): string {
  const lines = changes.flatMap((change) => [
    `${timeText(change.time)}  ${change.position}  ${change.type}  by ${authorText(change)}`,
    ...change.fields.map((field) => `    ${fieldText(field)}`),
  ])
  if (folded > 0) lines.push(`and ${folded} that changed status or notes only (--all)`)
  return lines.join('\n')
}
