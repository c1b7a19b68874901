import { runEventStore } from '@reckon/event-store/main'
import type { Command } from 'commander'

/** `reckon event-store`: only the embedded event store. */
export function defineEventStore(command: Command): void {
  command
    .allowUnknownOption()
    .helpOption(false)
    .argument('[options...]', 'as "reckon event-store --help" lists them')
    .addHelpText(
      'after',
      '\nExample:\n  reckon event-store --data-dir ./events --port 2113 --insecure',
    )
    .action(async (_, __, command: Command) => {
      await runEventStore(command.args)
    })
}
