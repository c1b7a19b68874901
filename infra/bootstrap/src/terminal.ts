import { createInterface } from 'node:readline/promises'
import type { ProgressReporter } from './progress.ts'

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** What steps are shown with: a line each, with a spinner before the one that runs where there is a terminal. */
export type Steps = { report: ProgressReporter; finish(): void }

/** Shows one line per step; colour and movement only on a terminal. */
export function showSteps(out: NodeJS.WriteStream): Steps {
  if (!out.isTTY) return { report: (line) => out.write(`• ${line}\n`), finish() {} }
  let running: string | undefined
  let frame = 0
  const draw = () => {
    out.write(`\r\x1b[K\x1b[36m${frames[frame++ % frames.length]}\x1b[0m ${running}`)
  }
  let timer: NodeJS.Timeout | undefined
  const finish = () => {
    clearInterval(timer)
    if (running !== undefined) out.write(`\r\x1b[K\x1b[32m•\x1b[0m ${running}\n`)
    running = undefined
  }
  const report = (line: string) => {
    finish()
    running = line
    draw()
    timer = setInterval(draw, 100)
  }
  return { report, finish }
}

/** Asks a question that is answered with yes or no; Enter alone is what `enter` says. */
export async function askYesNo(question: string, enter: 'yes' | 'no' = 'yes'): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const choice = enter === 'yes' ? '[Y/n]' : '[y/N]'
    const answer = (await lines.question(`${question} ${choice} `)).trim()
    return answer === '' ? enter === 'yes' : /^y(es)?$/i.test(answer)
  } finally {
    lines.close()
  }
}
