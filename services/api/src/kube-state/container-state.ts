import type { Container, ContainerStatus, Pod } from '@reckon/kubernetes'
import type { Labels, Sample } from '@reckon/process'
import { resourceSamples } from './resource-samples.ts'
import { gauge, type StateFamily, seconds } from './state-family.ts'

/** The containers of a pod that metrics of one prefix are about. */
type Part = {
  prefix: 'kube_pod_container' | 'kube_pod_init_container'
  containersOf(pod: Pod): readonly Container[]
  statusesOf(pod: Pod): readonly ContainerStatus[]
}

const parts: readonly Part[] = [
  {
    prefix: 'kube_pod_container',
    containersOf: ({ spec }) => spec.containers,
    statusesOf: ({ status }) => status?.containerStatuses ?? [],
  },
  {
    prefix: 'kube_pod_init_container',
    containersOf: ({ spec }) => spec.initContainers ?? [],
    statusesOf: ({ status }) => status?.initContainerStatuses ?? [],
  },
]

type Value = number | boolean | undefined

const described = (part: Part): StateFamily<Pod>[] => [
  ofStatuses(part, 'info', 'The image and the id of a container', (status) => [
    {
      labels: {
        image: status.image ?? '',
        image_id: status.imageID ?? '',
        container_id: status.containerID ?? '',
      },
      value: 1,
    },
  ]),
  ofContainers(
    part,
    'resource_requests',
    'What a container asks for',
    ({ resources }) => resources?.requests,
  ),
  ofContainers(
    part,
    'resource_limits',
    'What a container may use at most',
    ({ resources }) => resources?.limits,
  ),
]

const running = (part: Part): StateFamily<Pod>[] => [
  statusValue(part, 'status_ready', 'Whether a container serves', ({ ready }) => ready),
  statusValue(part, 'status_running', 'Whether a container runs', ({ state }) =>
    hasPart(state?.running),
  ),
  statusValue(part, 'status_waiting', 'Whether a container waits', ({ state }) =>
    hasPart(state?.waiting),
  ),
  statusValue(part, 'status_terminated', 'Whether a container has ended', ({ state }) =>
    hasPart(state?.terminated),
  ),
  {
    ...statusValue(part, 'status_restarts_total', 'Starts after the first', (status) => {
      return status.restartCount
    }),
    type: 'counter',
  },
  statusValue(part, 'state_started', 'When a container was started', ({ state }) =>
    seconds(state?.running?.startedAt ?? state?.terminated?.startedAt),
  ),
]

const ended = (part: Part): StateFamily<Pod>[] => [
  reasonOf(part, 'status_waiting_reason', 'Why a container waits', ({ state }) => state?.waiting),
  reasonOf(
    part,
    'status_terminated_reason',
    'Why a container has ended',
    ({ state }) => state?.terminated,
  ),
  reasonOf(
    part,
    'status_last_terminated_reason',
    'Why a container ended the last time',
    ({ lastState }) => lastState?.terminated,
  ),
  statusValue(
    part,
    'status_last_terminated_exitcode',
    'With what a container ended the last time',
    ({ lastState }) => lastState?.terminated?.exitCode,
  ),
]

const hasPart = (part: object | undefined): boolean => part !== undefined

const ofStatuses = (
  { prefix, statusesOf }: Part,
  name: string,
  help: string,
  samplesOf: (status: ContainerStatus) => readonly Sample[],
): StateFamily<Pod> =>
  gauge(`${prefix}_${name}`, help, (pod) =>
    statusesOf(pod).flatMap((status) =>
      samplesOf(status).map(({ labels, value }) => ({
        labels: { container: status.name, ...labels },
        value,
      })),
    ),
  )

const statusValue = (
  part: Part,
  name: string,
  help: string,
  of: (status: ContainerStatus) => Value,
): StateFamily<Pod> =>
  ofStatuses(part, name, help, (status) => {
    const value = of(status)
    return value === undefined ? [] : [{ labels: {}, value: Number(value) }]
  })

const reasonOf = (
  part: Part,
  name: string,
  help: string,
  of: (status: ContainerStatus) => { reason?: string } | undefined,
): StateFamily<Pod> =>
  ofStatuses(part, name, help, (status) => {
    const reason = of(status)?.reason
    return reason ? [{ labels: { reason }, value: 1 }] : []
  })

const ofContainers = (
  { prefix, containersOf }: Part,
  name: string,
  help: string,
  of: (container: Container) => Readonly<Record<string, string>> | undefined,
): StateFamily<Pod> =>
  gauge(`${prefix}_${name}`, help, (pod) =>
    containersOf(pod).flatMap((container) => {
      const labels: Labels = { container: container.name, node: pod.spec.nodeName ?? '' }
      return resourceSamples(of(container), labels)
    }),
  )

/** What is known of each container of a pod, of those that prepare it under names of their own. */
export const containerStates: readonly StateFamily<Pod>[] = parts.flatMap((part) => [
  ...described(part),
  ...running(part),
  ...ended(part),
])
