import type { Author } from '@reckon/domain'
import type { Command } from 'commander'
import { type AboutObject, aboutObject, askHistory } from '../asking/ask-history.ts'
import { authorText, timeText, valueText } from '../formatting/history-text.ts'
import { table } from '../formatting/table.ts'

type BlameAnswer = { isGone: boolean; fields: { field: string; value: unknown; author: Author }[] }

/** `reckon blame`: shows who set each field of an object. */
export function defineBlame(command: Command): void {
  aboutObject(command)
    .argument('<kind/name>', 'the object')
    .addHelpText(
      'after',
      '\nExamples:\n  reckon blame deployment/web\n  reckon blame cm/settings -o json',
    )
    .action(blame)
}

async function blame(text: string, options: AboutObject): Promise<void> {
  const answer = await askHistory<BlameAnswer>(text, 'blame', options)
  if (options.output === 'json') console.log(JSON.stringify(answer, null, 2))
  else if (answer.isGone) console.log(`${text} is deleted; "reckon history ${text}" tells by whom`)
  else console.log(formatBlame(answer))
}

const formatBlame = ({ fields }: BlameAnswer): string =>
  table(
    ['POSITION', 'TIME', 'WHO', 'FIELD'],
    fields.map(({ field, value, author }) => [
      author.position,
      timeText(author.time),
      authorText(author),
      `${field}: ${valueText(value)}`,
    ]),
  )
