import { spawn } from 'node:child_process'

/** Runs a command to its end; its last words are the error. */
export async function runToEnd(
  [program = '', ...args]: readonly string[],
  cwd = '/',
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000)
    })
  child.on('error', reject)
  child.on('close', (code, signal) => {
    if (code === 0) return resolve()
    const lastWords = output.trim().split('\n').slice(-5).join('\n')
    const command = [program, ...args].join(' ')
    reject(new Error(`\`${command}\` ended with ${code ?? signal}:\n${lastWords}`))
  })
  await promise
}
