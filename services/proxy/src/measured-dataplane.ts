import type { Clock } from '@reckon/eventing/bus'
import { gaugeIn, histogramIn, type Metrics } from '@reckon/process'
import type { Dataplane, OpenedDataplane } from './dataplane.ts'

type Packets = NonNullable<Dataplane['packets']>

type Ports = { clock: Clock; metrics: Metrics }

/** The outputs of a machine, with changes of its packet rules measured under kube-proxy's names. */
export const measured = (opened: OpenedDataplane, ports: Ports): OpenedDataplane =>
  opened.packets ? { ...opened, packets: measuredPackets(opened.packets, ports) } : opened

function measuredPackets(packets: Packets, { clock, metrics }: Ports): Packets {
  const seconds = histogramIn(metrics, {
    name: 'kubeproxy_sync_proxy_rules_duration_seconds',
    help: 'How long a change of the packet rules took',
    buckets: [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1, 2, 4, 8, 16],
  })
  let lastMs: number | undefined
  gaugeIn(metrics, {
    name: 'kubeproxy_sync_proxy_rules_last_timestamp_seconds',
    help: 'When the packet rules were changed last',
    collect() {
      if (lastMs !== undefined) this.set(lastMs / 1000)
    },
  })
  return {
    async apply(rules) {
      const beganMs = clock.now()
      await packets.apply(rules)
      lastMs = clock.now()
      seconds.observe((lastMs - beganMs) / 1000)
    },
  }
}
