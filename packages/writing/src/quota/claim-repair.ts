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

/** The event by which something was claimed for the holder, the last such. */
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

/** Gives up what is claimed for a holder that cannot come any more. */
export async function releaseClaim(
  ports: WritePorts,
  { namespace, holder }: { namespace: string; holder: Holder },
  origin: Origin,
): Promise<void> {
  const command = { type: 'Release', holder } as const
  await ports.known.claimQueue.ask(ports, namespace, { command, origin })
}
