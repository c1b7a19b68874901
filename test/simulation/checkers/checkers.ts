import type { Machine } from '../machine.ts'
import type { World } from '../world.ts'
import { acknowledged } from './acknowledged.ts'
import { addresses } from './addresses.ts'
import { boundOnce } from './bound-once.ts'
import { causes } from './causes.ts'
import type { Checker } from './checker.ts'
import { orderOfTheLog } from './order-of-the-log.ts'
import { terms } from './terms.ts'
import { views } from './views.ts'

/** Everything that must hold at every step. A new rule is a new file and a line here. */
export const createCheckers = (world: World, _machines: readonly Machine[]): readonly Checker[] => [
  orderOfTheLog(),
  acknowledged(world),
  causes(world),
  views(world),
  boundOnce(),
  addresses(world),
  terms(),
]
