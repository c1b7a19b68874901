import { bugsOfDeciding } from './of-deciding.ts'
import { bugsOfNodes } from './of-nodes.ts'
import { bugsOfStorage } from './of-storage.ts'
import { bugsOfTheLog } from './of-the-log.ts'
import { bugsOfWriting } from './of-writing.ts'
import type { PlantedBug } from './planted-bug.ts'

/** Every bug that the simulation must find. Production code knows nothing of them. */
export const plantedBugs: readonly PlantedBug[] = [
  ...bugsOfTheLog,
  ...bugsOfWriting,
  ...bugsOfNodes,
  ...bugsOfDeciding,
  ...bugsOfStorage,
]
