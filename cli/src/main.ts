#!/usr/bin/env node
import { outliveOutput } from '@reckon/process/outlive-output'
import { Command } from 'commander'
import { addDown } from './commands/down.ts'
import { addEventStore } from './commands/event-store.ts'
import { addKubeconfig } from './commands/kubeconfig.ts'
import { addLog } from './commands/log.ts'
import { addPolicy } from './commands/policy.ts'
import { addReplay } from './commands/replay.ts'
import { addReset } from './commands/reset.ts'
import { addStatus } from './commands/status.ts'
import { addUp } from './commands/up.ts'
import { addWhatIf } from './commands/what-if.ts'
import { addWhy, addWhyNot } from './commands/why.ts'

const program = new Command('reckon')
  .description('A cluster that speaks the Kubernetes API and remembers everything')
  .showHelpAfterError('(add --help for how it is used)')

const commands = [
  ...[addUp, addDown, addStatus, addKubeconfig, addReset],
  ...[addWhy, addWhyNot, addWhatIf, addLog, addReplay, addPolicy, addEventStore],
]
for (const add of commands) add(program)

/** Whoever read our output has enough of it, as `head` has. */
const endWithReader = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}
process.stdout.on('error', endWithReader)

/** What these do is not what they print. */
const servers = ['up', 'event-store']
program.hook('preAction', (_, command) => {
  if (!servers.includes(command.name())) return
  process.stdout.off('error', endWithReader)
  outliveOutput()
})

try {
  await program.parseAsync()
} catch (error) {
  console.error(`reckon: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
