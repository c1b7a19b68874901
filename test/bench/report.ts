import type { Measured, Row } from './benchmark.ts'

/** A benchmark's table for a terminal. */
export function asText({ name, about, rows, load }: Measured): string {
  const cells = cellsOf(rows)
  const widths = cells[0]?.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `\n${name}: ${about}\n${lines.join('\n')}\n(${load})`
}

/** The same, as `docs/benchmarks.md` has it. */
export function asMarkdown({ name, about, rows, load }: Measured): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`
  const [head = [], ...body] = cellsOf(rows)
  const ruled = [line(head), `|${head.map(() => '---').join('|')}|`, ...body.map(line)]
  return `### ${name}\n${about}\n\n${ruled.join('\n')}\n\n*${load}*\n`
}

/** The columns' names, then each row. A column that a row does not have stays empty. */
function cellsOf(rows: readonly Row[]): string[][] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))]
}
