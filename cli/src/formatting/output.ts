import pc from 'picocolors'

/** Colours only on a terminal, and never if NO_COLOR is set. */
const colors = pc.createColors(pc.isColorSupported && process.stdout.isTTY === true)

const palette = [colors.cyan, colors.magenta, colors.blue, colors.yellow, colors.green]
const levels: Record<number, (text: string) => string> = {
  40: colors.yellow,
  50: colors.red,
  60: colors.red,
}
const nameWidth = 16

/** Reports what the supervisor does, one line each. */
export function printStep(process: string, message: string): void {
  console.log(`${prefixed(process)} ${colors.bold(message)}`)
}

/** A log line of a process, readable and prefixed with the process' name. */
export function printLogLine(process: string, line: string): void {
  if (line !== '') console.log(`${prefixed(process)} ${readableLine(line)}`)
}

const prefixed = (process: string): string => {
  const sum = [...process].reduce((total, letter) => total + letter.charCodeAt(0), 0)
  const color = palette[sum % palette.length] ?? colors.cyan
  return color(`${process.padEnd(nameWidth)}|`)
}

/** Our services log JSON, which is formatted for people; other lines stay as they are. */
export function readableLine(line: string): string {
  if (!line.startsWith('{')) return line
  try {
    const { level, time, msg, err, name, ...rest } = JSON.parse(line) as Record<string, unknown>
    const color = levels[Number(level)] ?? ((text: string) => text)
    const clock = typeof time === 'string' ? `${time.slice(11, 23)} ` : ''
    const error = (err as { stack?: string } | undefined)?.stack
    const more = Object.keys(rest).length > 0 ? ` ${colors.dim(JSON.stringify(rest))}` : ''
    return `${colors.dim(clock)}${color(String(msg ?? ''))}${more}${error ? `\n${error}` : ''}`
  } catch {
    return line
  }
}
