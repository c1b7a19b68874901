import { type FieldError, invalidValue } from '../../field-error.ts'
import { duplicates, nonNegative, oneOf } from '../../field-rules.ts'
import { isIpAddress } from '../../name-syntax.ts'
import type { ContainerState, ContainerStatus, PodStatus } from '../../object.ts'
import { conditionErrors, textErrors } from './status-rules.ts'

const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']
const containersMax = 300
const addressesMax = 2

/** What is wrong with a pod's status, beyond its schema. After upstream's ValidatePodStatusUpdate, and bounded. */
export function validatePodStatus(status: PodStatus): FieldError[] {
  const { podIP, podIPs = [], hostIP, hostIPs = [] } = status
  const lists = [
    'initContainerStatuses',
    'containerStatuses',
    'ephemeralContainerStatuses',
  ] as const
  return [
    ...oneOf('status.phase', status.phase, phases),
    ...addressErrors('status.podIP', podIP),
    ...addressErrors('status.hostIP', hostIP),
    ...addressListErrors('status.podIPs', podIP, podIPs),
    ...addressListErrors('status.hostIPs', hostIP, hostIPs),
    ...conditionErrors(status.conditions),
    ...textErrors('status.message', status.message),
    ...textErrors('status.reason', status.reason),
    ...lists.flatMap((list) => containerListErrors(`status.${list}`, status[list] ?? [])),
  ]
}

function addressErrors(field: string, address: string | undefined): FieldError[] {
  if (!address || isIpAddress(address)) return []
  return [
    invalidValue(field, address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
  ]
}

/** A list of addresses begins with the single address, and has at most one of each family. */
function addressListErrors(
  field: string,
  single: string | undefined,
  list: readonly { ip?: string }[],
): FieldError[] {
  const isMany = list.length > addressesMax
  const isOther = list.length > 0 && (list[0]?.ip ?? '') !== (single ?? '')
  return [
    ...list.flatMap(({ ip }, index) => addressErrors(`${field}[${index}].ip`, ip)),
    ...duplicates(
      list.map(({ ip }) => ip),
      (index) => `${field}[${index}]`,
    ),
    ...(isMany
      ? [invalidValue(field, list.length, 'may specify no more than one IP for each IP family')]
      : []),
    ...(isOther
      ? [invalidValue(`${field}[0].ip`, list[0]?.ip, `must be equal to \`${field.slice(0, -1)}\``)]
      : []),
  ]
}

function containerListErrors(field: string, list: readonly ContainerStatus[]): FieldError[] {
  if (list.length > containersMax) {
    return [invalidValue(field, list.length, `must have at most ${containersMax} items`)]
  }
  return [
    ...duplicates(
      list.map(({ name }) => name),
      (index) => `${field}[${index}].name`,
    ),
    ...list.flatMap((status, index) => containerErrors(`${field}[${index}]`, status)),
  ]
}

function containerErrors(field: string, status: ContainerStatus): FieldError[] {
  return [
    ...containerIdErrors(`${field}.containerID`, status.containerID),
    ...nonNegative(`${field}.restartCount`, status.restartCount),
    ...textErrors(`${field}.image`, status.image),
    ...textErrors(`${field}.imageID`, status.imageID),
    ...stateErrors(`${field}.state`, status.state),
    ...stateErrors(`${field}.lastState`, status.lastState),
  ]
}

/** Container ids have the form `docker://4f2c…`: the runtime, and its id. */
function containerIdErrors(field: string, id: string | undefined): FieldError[] {
  if (!id || /^[a-z0-9][a-z0-9.+-]{0,62}:\/\/[\w.-]{1,253}$/.test(id)) return []
  return [invalidValue(field, id, 'must be of the form <runtime>://<id>')]
}

function stateErrors(field: string, state: ContainerState = {}): FieldError[] {
  const { waiting, running, terminated } = state
  const given = [waiting, running, terminated].filter((each) => each !== undefined)
  return [
    ...(given.length > 1
      ? [invalidValue(field, given.length, 'may be one of waiting, running and terminated')]
      : []),
    ...textErrors(`${field}.waiting.reason`, waiting?.reason),
    ...textErrors(`${field}.waiting.message`, waiting?.message),
    ...textErrors(`${field}.terminated.reason`, terminated?.reason),
    ...textErrors(`${field}.terminated.message`, terminated?.message),
    ...containerIdErrors(`${field}.terminated.containerID`, terminated?.containerID),
  ]
}
