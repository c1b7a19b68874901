import type { PlantedBug } from './planted-bug.ts'

/** Bugs in what is recorded, and for whom. */
export const bugsOfWriting: readonly PlantedBug[] = [
  {
    name: 'an address is given away without being reserved',
    file: 'packages/writing/src/reserve-drawn.ts',
    text: 'await reserve(ports, drawn.transition)',
    by: '',
  },
  {
    name: 'a status is written again though nothing has changed',
    file: 'packages/writing/src/change-draft.ts',
    text: 'if (patch.length === 0 && !isEnd && !isNews) return undefined',
    by: '',
  },
  {
    name: 'the replicator does not tell why it acts',
    file: 'services/replicator/src/writer.ts',
    text: `    verb,
    cause,`,
    by: '    verb,',
  },
  {
    name: 'the scheduler loses the correlation',
    file: 'services/scheduler/src/placer.ts',
    text: 'cause: stored.intent,',
    by: 'cause: { ...stored.intent, correlationId: stored.intent.id },',
  },
]
