import { spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { alreadyUp, findSupervisor, type Layout } from '@reckon/supervisor'

/** What the supervisor prints once everything is ready; `detach` waits for it. */
export const readyMark = 'The cluster is ready.'

/**
 * Starts the same command in the background, with its output in the supervisor's log, and returns once it is ready.
 * Meanwhile it shows what the supervisor reports and the progress of the example; Ctrl-C ends it.
 */
export async function detach(
  layout: Layout,
  argv: readonly string[],
  mark = readyMark,
): Promise<void> {
  const other = await findSupervisor(layout)
  if (other !== undefined) throw alreadyUp(other)
  const logFile = layout.logFile('supervisor')
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 })
  const output = openSync(logFile, 'w', 0o600)
  const [node = process.execPath, ...rest] = argv
  const args = rest.filter((argument) => argument !== '--detach' && argument !== '-d')
  const child = spawn(node, args, { detached: true, stdio: ['ignore', output, output] })
  const interrupt = () => child.kill('SIGTERM')
  process.once('SIGINT', interrupt)
  const show = showSteps(logFile)
  await new Promise<void>((resolve, reject) => {
    const watcher = watch(logFile, () => {
      if (!show().includes(mark)) return
      watcher.close()
      resolve()
    })
    child.once('exit', (code) => {
      watcher.close()
      reject(new Error(reasonIn(show()) ?? `the cluster did not start (exit ${code}): ${logFile}`))
    })
  })
  process.removeListener('SIGINT', interrupt)
  child.unref()
  const text = readFileSync(logFile, 'utf8')
  console.log(text.slice(text.indexOf(mark)))
}

/** Prints, at each call, the supervisor's own new lines, without those of processes; returns the whole log. */
function showSteps(logFile: string): () => string {
  let shown = 0
  return () => {
    const text = readFileSync(logFile, 'utf8')
    const end = text.lastIndexOf('\n') + 1
    for (const line of text.slice(shown, end).split('\n')) {
      if (/^(reckon|example) +\|/.test(line)) console.error(line)
    }
    shown = end
    return text
  }
}

/** Why the background command ended, in its own words. */
const reasonIn = (log: string): string | undefined => /^reckon: (.+)$/ms.exec(log)?.[1]?.trim()
