import { settingsOf } from '@reckon/domain'
import { apiListening, encodeListening } from '@reckon/eventing/bus'
import { firstAddress } from '@reckon/kubernetes'
import type { ApiPorts } from './ports.ts'

const everyMs = 1_000

/**
 * Where pods reach this api; by default at the first address of their range, which their bridge has on this machine.
 */
export type Advertised = { advertise?: string; port: number }

/** Says on the wire where this api is reached, while it lives: there the Service `kubernetes` leads. */
export async function announce(
  { bus, clock, objects }: Pick<ApiPorts, 'bus' | 'clock' | 'objects'>,
  { advertise, port }: Advertised,
  signal: AbortSignal,
): Promise<void> {
  const address = advertise ?? firstAddress(settingsOf(objects).clusterCidr)
  const listening = encodeListening({ address, port })
  while (!signal.aborted) {
    bus.publish(apiListening, listening)
    await clock.sleep(everyMs, signal)
  }
}
