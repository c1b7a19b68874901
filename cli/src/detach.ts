import { spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { findSupervisor, type Layout } from '@reckon/supervisor'

/** What the supervisor prints once everything is ready; `detach` waits for it. */
export const readyMark = 'The cluster is ready.'

/** Starts the same command in the background, its output in the supervisor's log, and returns once it is ready. */
export async function detach(layout: Layout, argv: readonly string[]): Promise<void> {
  const other = await findSupervisor(layout)
  if (other !== undefined) throw new Error(`this cluster is up already, under process ${other}`)
  const logFile = layout.logFile('supervisor')
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 })
  const output = openSync(logFile, 'w', 0o600)
  const [node = process.execPath, ...rest] = argv
  const args = rest.filter((argument) => argument !== '--detach' && argument !== '-d')
  const child = spawn(node, args, { detached: true, stdio: ['ignore', output, output] })
  await new Promise<void>((resolve, reject) => {
    const watcher = watch(logFile, () => {
      if (!readFileSync(logFile, 'utf8').includes(readyMark)) return
      watcher.close()
      resolve()
    })
    child.once('exit', (code) => {
      watcher.close()
      reject(new Error(`the cluster did not start (exit ${code}); see ${logFile}`))
    })
  })
  child.unref()
  const text = readFileSync(logFile, 'utf8')
  console.log(text.slice(text.indexOf(readyMark)))
}
