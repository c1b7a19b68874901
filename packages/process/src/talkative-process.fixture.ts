import { writeSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { runProcess } from './run-process.ts'

/** Says something on each of its outputs again and again, and on a third that it is still there. */
await runProcess('talkative', async ({ signal, log }) => {
  while (!signal.aborted) {
    log.info('logged')
    console.log('printed')
    console.error('printed as an error')
    writeSync(3, 'alive\n')
    await after(10)
  }
})
