import type { PlantedBug } from './planted-bug.ts'

/** Bugs in how the log is written and followed. */
export const bugsOfTheLog: readonly PlantedBug[] = [
  {
    name: 'the relay does not tell what came before',
    file: 'packages/eventing/src/wire-event.ts',
    text: '[previousHeader]: encodePosition(previous) }',
    by: '[previousHeader]: noPosition }',
  },
  {
    name: 'a reader does not repair from the log what the wire has lost',
    file: 'packages/eventing/src/reading/log-reader.ts',
    text: 'for await (const event of log.readAll({ after: this.position })) {',
    by: 'for await (const event of log.readAll(this.position === undefined ? {} : { limit: 0 })) {',
  },
  {
    name: 'writers do not care which revision they expect',
    file: 'packages/eventing/src/execute.ts',
    text: "revision === -1n ? 'NoStream' : revision,",
    by: "'Any',",
  },
  {
    name: 'a write of unknown outcome is acknowledged',
    file: 'packages/eventing/src/execute.ts',
    text: "throw isRefusal(error, 'ServiceUnavailable') ? unknown : error",
    by: 'return { recorded: true, revision: 0n, position: 9n ** 20n }',
  },
  {
    name: 'a term is begun without asking who was first',
    file: 'packages/eventing/src/term.ts',
    text: 'state.term !== last.term',
    by: 'state.term < 0',
  },
  {
    name: 'a repeated event is applied again',
    file: 'packages/eventing/src/reading/log-reader.ts',
    text: `apply(event: RecordedEvent): void {
    if (this.position !== undefined && event.position <= this.position) return`,
    by: 'apply(event: RecordedEvent): void {',
  },
]
