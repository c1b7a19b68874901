import { type Column, columnNamed, type Row } from './table.ts'

type Test = (row: Row) => boolean

/**
 * What a filter lets through, word by word: `web` is in some cell, `!web` in none; `app=web` is a label;
 * `status:Pending` is in that column, and `restarts>3` compares the number there.
 */
export function filterOf(text: string, columns: readonly Column[]): Test {
  const tests = text
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!')
    .map((word) => testOf(word, columns))
  return (row) => tests.every((test) => test(row))
}

function testOf(word: string, columns: readonly Column[]): Test {
  if (word.startsWith('!')) {
    const test = testOf(word.slice(1), columns)
    return (row) => !test(row)
  }
  const [, name = '', operator = '', wanted = ''] = /^([^=:<>]+)([=:<>])(.*)$/.exec(word) ?? []
  const place = columnNamed(columns, name)
  if (operator === '=') return ({ labels }) => labels[name] === wanted
  if (operator === ':' && place >= 0) {
    const part = wanted.toLowerCase()
    return ({ cells }) => cells[place]?.toLowerCase().includes(part) === true
  }
  if (operator !== '' && operator !== ':' && place >= 0) {
    const sign = operator === '>' ? 1 : -1
    return ({ cells }) => (Number.parseFloat(cells[place] ?? '') - Number(wanted)) * sign > 0
  }
  const part = word.toLowerCase()
  return ({ cells }) => lowered(cells).includes(part)
}

const texts = new WeakMap<readonly string[], string>()

/** All cells as one text, made once for a row; no word has a line's end in it. */
function lowered(cells: readonly string[]): string {
  const text = texts.get(cells) ?? cells.join('\n').toLowerCase()
  texts.set(cells, text)
  return text
}
