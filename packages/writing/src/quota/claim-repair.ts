import {
  causeOf,
  type Holder,
  isSameHolder,
  type Origin,
  quotaEventIn,
  quotaStream,
} from '@reckon/domain'
import type { Cause } from '@reckon/eventing'
import type { WritePorts } from '../write-ports.ts'

/** The last event that claimed something for the holder. */
export async function readClaimCause(
  { log }: WritePorts,
  namespace: string,
  holder: Holder,
): Promise<Cause | undefined> {
  for await (const event of log.readStream(quotaStream(namespace), { direction: 'backwards' })) {
    const { type, data } = quotaEventIn(event)
    if (type === 'QuotaReserved' && isSameHolder(data, holder)) return causeOf(event)
  }
  return undefined
}

/** Releases the claim of a holder that can no longer be recorded. */
export async function releaseClaim(
  ports: WritePorts,
  { namespace, holder }: { namespace: string; holder: Holder },
  origin: Origin,
): Promise<void> {
  const command = { type: 'Release', holder } as const
  await ports.known.claimQueue.ask(ports, namespace, { command, origin })
}
