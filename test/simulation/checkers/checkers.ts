import type { Recorder } from '../../histories/recorder.ts'
import type { Machine } from '../machine.ts'
import type { World } from '../world.ts'
import { acknowledged } from './acknowledged.ts'
import { addresses } from './addresses.ts'
import { autoscalers } from './autoscalers.ts'
import { beginnings } from './beginnings.ts'
import { boundOnce } from './bound-once.ts'
import { causes } from './causes.ts'
import type { Checker } from './checker.ts'
import { cronJobs } from './cron-jobs.ts'
import { daemonSets } from './daemon-sets.ts'
import { decisions } from './decisions.ts'
import { evictions } from './evictions.ts'
import { histories } from './histories.ts'
import { jobs } from './jobs.ts'
import { keepsRunning } from './keeps-running.ts'
import { meaning } from './meaning.ts'
import { nodeCapacity } from './node-capacity.ts'
import { nodeCells } from './node-cells.ts'
import { nodeSilence } from './node-silence.ts'
import { nodeWires } from './node-wires.ts'
import { orderOfTheLog } from './order-of-the-log.ts'
import { preemptions } from './preemptions.ts'
import { promises } from './promises.ts'
import { quotas } from './quotas.ts'
import { refusals } from './refusals.ts'
import { replicaSets } from './replica-sets.ts'
import { reservations } from './reservations.ts'
import { rollingUpdates } from './rolling-updates.ts'
import { routes } from './routes.ts'
import { secrets } from './secrets.ts'
import { senders } from './senders.ts'
import { statefulSets } from './stateful-sets.ts'
import { terms } from './terms.ts'
import { views } from './views.ts'
import { volumes } from './volumes.ts'

/** All invariants of every step. A new one is a new file and a line here. */
export const createCheckers = (
  world: World,
  { machines, recorder }: { machines: readonly Machine[]; recorder: Recorder },
): readonly Checker[] => [
  orderOfTheLog(),
  acknowledged(world),
  causes(world),
  views(world),
  boundOnce(),
  addresses(world, machines),
  reservations(world),
  quotas(world),
  beginnings(),
  keepsRunning(world, machines),
  terms(),
  meaning(),
  refusals(world),
  replicaSets(world),
  rollingUpdates(world),
  statefulSets(),
  daemonSets(world),
  jobs(),
  cronJobs(world),
  autoscalers(),
  decisions(),
  promises(world),
  preemptions(world),
  nodeCapacity(world, machines),
  nodeSilence(world),
  evictions(world),
  nodeWires(world),
  routes(world, machines),
  secrets(world),
  volumes(world, machines),
  senders(),
  nodeCells(),
  histories(world, recorder),
]
