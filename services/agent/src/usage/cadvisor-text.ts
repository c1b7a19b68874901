import { type Family, familyText, type Sample } from '@reckon/process'
import type { RuntimeFacts } from '../runtime/runtime.ts'
import type {
  ContainerConsumed,
  ContainerCounts,
  DiskCounts,
  PodNetwork,
  RuntimeUsage,
  TrafficCounts,
} from '../runtime/runtime-usage.ts'

/** A container with all counts. */
type Counted = ContainerConsumed & { counts: ContainerCounts }

type Machine = Pick<RuntimeFacts, 'cpus' | 'memoryBytes'>

/** The usage of a node's containers under cAdvisor's names, in Prometheus' text format. Pure. */
export function cadvisorText(usage: RuntimeUsage, machine: Machine): string {
  const containers = usage.containers.flatMap(({ counts, ...consumed }) => {
    const each = counts && { ...consumed, counts }
    return each ? [{ each, labels: labelsOf(each) }] : []
  })
  return [
    ...containerFamilies.map(({ countOf, ...family }) =>
      familyText(
        family,
        containers.flatMap(({ each, labels }) => {
          const value = countOf(each)
          return value === undefined ? [] : [{ labels, value }]
        }),
      ),
    ),
    ...diskFamilies.map(({ countOf, ...family }) =>
      familyText(
        family,
        containers.flatMap(({ each, labels }) =>
          each.counts.disks.map((disk) => ({
            labels: { ...labels, device: disk.device },
            value: countOf(disk),
          })),
        ),
      ),
    ),
    ...networkFamilies.map(({ countOf, ...family }) =>
      familyText(family, (usage.networks ?? []).flatMap(networkSamples(countOf))),
    ),
    familyText(gauge('machine_cpu_cores', 'Processors of the machine'), one(machine.cpus)),
    familyText(gauge('machine_memory_bytes', 'Memory of the machine'), one(machine.memoryBytes)),
  ].join('')
}

const labelsOf = ({ id, pod, container, counts }: Counted) => ({
  container,
  id: counts.cgroup,
  image: counts.image,
  name: id,
  namespace: pod.namespace,
  pod: pod.name,
})

const gauge = (name: string, help: string): Family => ({ name, help, type: 'gauge' })
const counter = (name: string, help: string): Family => ({ name, help, type: 'counter' })
const one = (value: number): Sample[] => [{ labels: {}, value }]

type FamilyOf<T> = Family & { countOf(counted: T): number | undefined }

const containerFamilies: readonly FamilyOf<Counted>[] = [
  {
    ...counter('container_cpu_usage_seconds_total', 'Processor time that it has had'),
    countOf: ({ cpuSeconds }) => cpuSeconds,
  },
  {
    ...counter('container_cpu_cfs_periods_total', 'Periods in which its time was limited'),
    countOf: ({ counts }) => counts.periods?.count,
  },
  {
    ...counter('container_cpu_cfs_throttled_periods_total', 'Periods in which it was held up'),
    countOf: ({ counts }) => counts.periods?.throttled,
  },
  {
    ...counter('container_cpu_cfs_throttled_seconds_total', 'For how long it was held up'),
    countOf: ({ counts }) => counts.periods?.throttledSeconds,
  },
  {
    ...gauge('container_memory_working_set_bytes', 'Memory that cannot be taken back at once'),
    countOf: ({ memoryBytes }) => memoryBytes,
  },
  {
    ...gauge('container_memory_usage_bytes', 'Memory, cached files among it'),
    countOf: ({ counts }) => counts.usageBytes,
  },
  {
    ...gauge('container_memory_rss', 'Memory of its processes alone, in bytes'),
    countOf: ({ counts }) => counts.rssBytes,
  },
  {
    ...gauge('container_memory_cache', 'Cached files, in bytes'),
    countOf: ({ counts }) => counts.cacheBytes,
  },
  {
    ...gauge('container_memory_swap', 'What of it was swapped out, in bytes'),
    countOf: ({ counts }) => counts.swapBytes,
  },
  {
    ...gauge('container_start_time_seconds', 'When it was started'),
    countOf: ({ startedAtMs }) => startedAtMs / 1000,
  },
]

const diskFamilies: readonly (Family & { countOf(disk: DiskCounts): number })[] = [
  {
    ...counter('container_fs_reads_total', 'Reads from the device'),
    countOf: ({ reads }) => reads,
  },
  {
    ...counter('container_fs_reads_bytes_total', 'Bytes that were read from the device'),
    countOf: ({ readBytes }) => readBytes,
  },
  {
    ...counter('container_fs_writes_total', 'Writes to the device'),
    countOf: ({ writes }) => writes,
  },
  {
    ...counter('container_fs_writes_bytes_total', 'Bytes that were written to the device'),
    countOf: ({ writtenBytes }) => writtenBytes,
  },
]

type Traffic = PodNetwork['interfaces'][number]
type NetworkFamily = Family & { countOf(traffic: Traffic): number }

/** cAdvisor's names for an interface's counts. */
const trafficNames: readonly (readonly [keyof TrafficCounts, string])[] = [
  ['bytes', 'bytes'],
  ['packets', 'packets'],
  ['errors', 'errors'],
  ['dropped', 'packets_dropped'],
]

const trafficFamilies = (
  way: 'receive' | 'transmit',
  countsOf: (traffic: Traffic) => TrafficCounts,
): NetworkFamily[] =>
  trafficNames.map(([what, name]) => ({
    ...counter(
      `container_network_${way}_${name}_total`,
      `What the interface of a pod had to ${way}: ${what}`,
    ),
    countOf: (traffic) => countsOf(traffic)[what],
  }))

const networkFamilies: readonly NetworkFamily[] = [
  ...trafficFamilies('receive', ({ received }) => received),
  ...trafficFamilies('transmit', ({ sent }) => sent),
]

const networkSamples =
  (countOf: NetworkFamily['countOf']) =>
  ({ pod, sandboxId, image, interfaces }: PodNetwork): Sample[] =>
    interfaces.map((traffic) => ({
      labels: {
        image,
        interface: traffic.name,
        name: sandboxId,
        namespace: pod.namespace,
        pod: pod.name,
      },
      value: countOf(traffic),
    }))
