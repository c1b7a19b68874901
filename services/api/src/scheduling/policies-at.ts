import { schedulerConfiguredIn, schedulerStream } from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import { defaultPolicies, type Policies, policiesOf } from '@reckon/scheduling'

/** The policies by which pods were placed at a position of the log; the present ones without a position. */
export async function policiesAt(log: EventLog, position?: bigint): Promise<Policies> {
  for await (const event of log.readStream(schedulerStream, { direction: 'backwards' })) {
    if (position !== undefined && event.position > position) continue
    const { configuration } = schedulerConfiguredIn(event)
    return configuration ? policiesOf(configuration) : defaultPolicies
  }
  return defaultPolicies
}
