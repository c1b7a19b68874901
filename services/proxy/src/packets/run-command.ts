import { execFile } from 'node:child_process'

/** A program that exited with another code than 0; the message is its output. */
class CommandError extends Error {
  readonly code: number | string | undefined
  constructor(command: string, code: number | string | undefined, output: string) {
    super(`${command}: ${output.trim() || `ended with ${code}`}`)
    this.code = code
  }
}

const timeoutMs = 30_000
const outputBytesMax = 64 * 1024 * 1024

/** Runs a program to its end and returns what it printed; throws CommandError. */
export const runCommand = (program: string, ...args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, maxBuffer: outputBytesMax, env: { PATH: searchPath } }
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else {
        const command = `${program} ${args.join(' ')}`
        reject(new CommandError(command, error.code ?? undefined, stderr))
      }
    })
  })

/** Network tools lie in folders that an ordinary user's PATH may lack. */
export const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Runs a program for its exit code. */
export async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  try {
    await runCommand(program, ...args)
    return true
  } catch (error) {
    if (error instanceof CommandError) return false
    throw error
  }
}
