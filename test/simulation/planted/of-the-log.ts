import type { PlantedBug } from './planted-bug.ts'

/** Bugs in how the log is written and followed. */
export const bugsOfTheLog: readonly PlantedBug[] = [
  {
    name: 'the relay does not tell what came before',
    seed: 2,
    file: 'packages/eventing/src/wire/wire-event.ts',
    text: 'return { position: event.position, previous, content }',
    by: 'return { position: event.position, previous: undefined, content }',
  },
  {
    name: 'a reader does not repair from the log what the wire has lost',
    file: 'packages/eventing/src/reading/log-reader.ts',
    text: 'for await (const event of this.#applied.missing(log)) {',
    by: 'for await (const event of this.position ? log.readAll({ limit: 0 }) : log.readAll()) {',
  },
  {
    name: 'writers do not care which revision they expect',
    file: 'packages/eventing/src/log/append-surely.ts',
    text: "after === -1n ? 'NoStream' : after",
    by: "'Any'",
  },
  {
    name: 'a write of unknown outcome is acknowledged',
    seed: 9,
    file: 'packages/eventing/src/log/append-surely.ts',
    text: "throw isRefusal(error, 'ServiceUnavailable') ? unknown : error",
    by: 'return { recorded: true, revision: 0n, position: 9n ** 20n }',
  },
  {
    name: 'a term is begun without asking who was first',
    file: 'packages/eventing/src/terms/term.ts',
    text: 'state.term !== last.term',
    by: 'state.term < 0',
  },
  {
    name: 'a projection applies some events twice',
    seed: 10,
    file: 'packages/eventing/src/reading/applied.ts',
    text: 'for (const projection of this.#projections) projection.apply(event)',
    by: `for (const projection of this.#projections) {
      projection.apply(event)
      if (event.type === 'PodCreated' && event.position % 19n === 0n) projection.apply(event)
    }`,
  },
  {
    name: 'nothing to do is decided on the view alone',
    file: 'packages/eventing/src/log/execute.ts',
    text: 'const newest = isNewest ? known : await read(known)',
    by: 'const newest = isNewest || refusal === undefined ? known : await read(known)',
    isRare: true,
  },
  {
    name: 'a refusal is decided on the view alone',
    file: 'packages/eventing/src/log/execute.ts',
    text: 'const newest = isNewest ? known : await read(known)',
    by: 'const newest = isNewest || refusal ? known : await read(known)',
    isRare: true,
  },
  {
    name: 'a write of unknown outcome is asked for again as another event',
    seed: 2,
    file: 'packages/eventing/src/log/append-surely.ts',
    text: `    try {
      return await log.append(stream, expected, events)
    } catch (error) {`,
    by: `    try {
      const others = events.map((event) => ({
        ...event,
        id: event.id.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
      }))
      return await log.append(stream, expected, others)
    } catch (error) {`,
  },
  {
    name: 'a newly active instance does not catch up first',
    file: 'packages/process/src/caught-up.ts',
    text: 'if (await reader.waitForHead(waitMs)) return true',
    by: 'if (reader) return true',
  },
  {
    name: 'a candidate begins a term though somebody answers',
    file: 'packages/eventing/src/terms/term.ts',
    text: 'if (await isHeld(bus, service, malformed)) {',
    by: "if (service === '') {",
    isRare: true,
  },
  {
    name: 'a snapshot of another log is taken',
    file: 'packages/eventing/src/reading/applied.ts',
    text: 'if (!fits || !(await isOfThisLog(log, snapshot.witnesses))) {',
    by: 'if (!fits) {',
    isRare: true,
  },
]
