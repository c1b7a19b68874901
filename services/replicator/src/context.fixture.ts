import { readClaimant, readClaimCause, readHeld, readHolder } from '@reckon/writing'
import type { startedCluster } from './cluster.fixture.ts'
import type { Context } from './controller.ts'
import { createWriter } from './writer.ts'

/** What a controller works with for one key of a test's cluster. */
export function contextIn(
  { ports }: Awaited<ReturnType<typeof startedCluster>>,
  special: Partial<Context> = {},
): Context {
  return {
    log: ports.log,
    ids: ports.ids,
    objects: ports.objects,
    podsEverCreated: ports.podsEverCreated,
    nowMs: ports.clock.now(),
    unusable: new Set(),
    lookedAt: () => {},
    rest: () => {},
    waitForHead: () => ports.reader.waitForHead(1000),
    writerFor: ({ intent, last: trigger }) =>
      createWriter(ports, { controller: 'test', intent, trigger, onWritten() {} }),
    reservations: {
      held: (reservable) => readHeld(ports, reservable),
      holder: (held) => readHolder(ports, held),
      claimant: (holder) => readClaimant(ports, holder),
      claimCause: (namespace, holder) => readClaimCause(ports, namespace, holder),
    },
    ...special,
  }
}
