/** A command of a script, and its expected output. */
export type Step = {
  command: string
  /** Patterns of lines; see `matches`. */
  expected: readonly string[]
  /** Repeated until the output matches: for what takes a while. */
  isEventual: boolean
  line: number
}

/**
 * Parses a script: lines after `$ ` are commands (`> ` continues the previous one; `$~ ` is repeated until its output
 * matches); all others are their expected output. `# ` at the beginning of a line is a comment.
 */
export function parseScript(text: string): readonly Step[] {
  const steps: (Step & { expected: string[] })[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const [, mark, command = ''] = /^(\$~?|>) ?(.*)$/.exec(line) ?? []
    const step = steps.at(-1)
    if (mark === '>' && step) step.command += `\n${command}`
    else if (mark) {
      steps.push({ command, expected: [], isEventual: mark === '$~', line: index + 1 })
    } else if (!/^# |^#$/.test(line)) step?.expected.push(line)
  }
  return steps.map((step) => ({ ...step, expected: withoutBlankEnd(step.expected) }))
}

/**
 * Whether the output is as expected, line by line; a run of blanks counts as one. `…` stands for anything within a
 * line, and alone on a line for any number of lines.
 */
export function matches(printed: string, expected: readonly string[]): boolean {
  const lines = withoutBlankEnd(printed.split('\n').map(normal))
  const pattern = expected
    .map((line) => {
      if (line.trim() === '…') return '(?:.*\n)*?'
      return `${normal(line).split('…').map(RegExp.escape).join('.*')}\n`
    })
    .join('')
  return new RegExp(`^${pattern}$`).test(lines.map((line) => `${line}\n`).join(''))
}

const normal = (line: string): string => line.trim().replaceAll(/\s+/g, ' ')

function withoutBlankEnd(lines: readonly string[]): string[] {
  const end = lines.findLastIndex((line) => line.trim() !== '')
  return lines.slice(0, end + 1)
}
