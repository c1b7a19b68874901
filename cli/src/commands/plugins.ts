import { homedir } from 'node:os'
import { linkPlugins } from '@reckon/bootstrap'
import type { Command } from 'commander'

/** `reckon plugins install`: the commands about the past as kubectl plugins. */
export function definePlugins(command: Command): void {
  command
    .addHelpText('after', '\nExamples:\n  reckon plugins install && kubectl history deployment/web')
    .command('install')
    .description('put kubectl why, at, history, blame, trace, undo, replay, bisect on your PATH')
    .action(async () => {
      const { folder, names } = await linkPlugins({ path: process.env.PATH ?? '', home: homedir() })
      console.log(`in ${folder}: ${names.join(', ')}; try "kubectl history deployment/web"`)
    })
}
