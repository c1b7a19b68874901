import { settingsOf } from '@reckon/domain'
import { apiListening, encodeListening, untilFullSecondMs } from '@reckon/eventing/bus'
import { firstAddress } from '@reckon/kubernetes'
import type { ApiPorts } from './ports.ts'

/**
 * The address at which pods reach this api; by default the first of their range, which the bridge has on this machine.
 */
export type Advertised = { advertise?: string; port: number }

/** Announces on the wire where this api can be reached, as long as it lives; the Service `kubernetes` leads there. */
export async function announce(
  { bus, clock, objects }: Pick<ApiPorts, 'bus' | 'clock' | 'objects'>,
  { advertise, port }: Advertised,
  signal: AbortSignal,
): Promise<void> {
  const address = advertise ?? firstAddress(settingsOf(objects).clusterCidr)
  const listening = encodeListening({ address, port })
  while (!signal.aborted) {
    bus.publish(apiListening, listening)
    await clock.sleep(untilFullSecondMs(clock.now()), signal)
  }
}
