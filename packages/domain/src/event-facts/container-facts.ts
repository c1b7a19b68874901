import type { ContainerStatus, Pod } from '@reckon/kubernetes'
import { involved } from '../note.ts'
import type { Fact } from './fact.ts'

type FactText = Pick<Fact, 'type' | 'reason' | 'message'>

/** Events about a pod's containers, from its node's reports, in a kubelet's words. Pure. */
export function containerFacts(
  pod: Pod,
  before: Pod | undefined,
  imagesFound: readonly string[],
): readonly Fact[] {
  const lists = [
    ['initContainers', 'initContainerStatuses'],
    ['containers', 'containerStatuses'],
  ] as const
  return lists.flatMap(([field, statuses]) => {
    const earlier = new Map(before?.status?.[statuses]?.map((each) => [each.name, each]))
    return (pod.status?.[statuses] ?? []).flatMap((status) =>
      [
        ...(imagesFound.includes(status.name) ? [found(status)] : []),
        ...factTextsOf(pod, status, earlier.get(status.name)),
      ].map((text) => ({
        ...text,
        involvedObject: { ...involved(pod), fieldPath: `spec.${field}{${status.name}}` },
        source: { component: 'kubelet', host: pod.spec.nodeName ?? '' },
      })),
    )
  })
}

const found = ({ image }: ContainerStatus): FactText => ({
  type: 'Normal',
  reason: 'Pulled',
  message: `Container image "${image}" already present on machine`,
})

function factTextsOf(
  pod: Pod,
  status: ContainerStatus,
  before: ContainerStatus | undefined,
): FactText[] {
  const { name, containerID, state } = status
  const hasBegun = state?.running ?? state?.terminated
  if (hasBegun && containerID !== before?.containerID) {
    const created: FactText = {
      type: 'Normal',
      reason: 'Created',
      message: `Created container: ${name}`,
    }
    const started: FactText = {
      type: 'Normal',
      reason: 'Started',
      message: `Started container ${name}`,
    }
    return state?.terminated?.reason === 'StartError' ? [created] : [created, started]
  }
  const { reason = '', message = '' } = state?.waiting ?? {}
  const was = before?.state?.waiting
  if (reason === was?.reason && message === (was?.message ?? '')) return []
  return waiting(pod, { ...status, reason, message })
}

type Waiting = ContainerStatus & { reason: string; message: string }

function waiting(pod: Pod, { name, image, reason, message }: Waiting): FactText[] {
  const { name: podName, namespace, uid } = pod.metadata
  switch (reason) {
    case 'CrashLoopBackOff': {
      const of = `${name} in pod ${podName}_${namespace}(${uid})`
      const text = `Back-off restarting failed container ${of}`
      return [{ type: 'Warning', reason: 'BackOff', message: text }]
    }
    case 'ImagePullBackOff':
      return [
        { type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${image}"` },
        { type: 'Warning', reason: 'Failed', message: `Error: ${reason}` },
      ]
    case 'ErrImagePull':
      return [
        {
          type: 'Warning',
          reason: 'Failed',
          message: `Failed to pull image "${image}": ${message}`,
        },
        { type: 'Warning', reason: 'Failed', message: `Error: ${reason}` },
      ]
    default:
      // Messages that repeat at each attempt are counted by the node and sent as notes.
      return []
  }
}
