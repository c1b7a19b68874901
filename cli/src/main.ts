#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { commandGroups } from './commands.ts'

// Compiled code is cached for the next command.
enableCompileCache()

const begin = `
Begin with:
  reckon up --detach --example                   a cluster, and something to look at
  export KUBECONFIG=$(reckon kubeconfig --path)  the same for kubectl and for reckon
  kubectl get pods
  reckon why rc/frontend`

const program = new Command('reckon')
  .description('A cluster that speaks the Kubernetes API and remembers everything')
  .version(manifest.version)
  .showHelpAfterError('(add --help for how it is used)')
  .addHelpText('after', begin)

const [first = '', second = ''] = process.argv.slice(2)
const given = first === 'help' ? second : first
for (const [heading, commands] of Object.entries(commandGroups)) {
  program.commandsGroup(`${heading}:`)
  for (const [name, { description, load }] of Object.entries(commands)) {
    const command = program.command(name).description(description)
    if (name === given) (await load())(command)
  }
}

/** Whoever reads our output has closed the pipe, as `head` does. */
const endWithReader = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}
process.stdout.on('error', endWithReader)

/** The output of these commands is not their purpose. */
const servers = ['up', 'join', 'event-store', 'open', 'metrics']
program.hook('preAction', async (_, command) => {
  if (!servers.includes(command.name())) return
  process.stdout.off('error', endWithReader)
  const { outliveOutput } = await import('@reckon/process/outlive-output')
  outliveOutput()
})

try {
  await program.parseAsync()
} catch (error) {
  console.error(`reckon: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
