import {
  badRequest,
  type Container,
  type ContainerStatus,
  containerStatusesOf,
  type Pod,
} from '@reckon/kubernetes'

const namesOf = (containers: readonly Pick<Container, 'name'>[] | undefined): readonly string[] =>
  (containers ?? []).map(({ name }) => name)

/** Formats a list as Go does. */
const listed = (names: readonly string[]): string => `[${names.join(' ')}]`

/** The container that is meant: the named one, or the pod's only one. Refused in kube-apiserver's words. */
export function containerNameOf({ metadata, spec }: Pod, asked: string | undefined): string {
  const [apps, inits] = [namesOf(spec.containers), namesOf(spec.initContainers)]
  if (asked) {
    const all = [...apps, ...inits, ...namesOf(spec.ephemeralContainers)]
    if (all.includes(asked)) return asked
    throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`)
  }
  const [only, ...others] = apps
  if (only !== undefined && others.length === 0) return only
  const orInits = inits.length > 0 ? ` or one of the init containers: ${listed(inits)}` : ''
  throw badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: ${listed(apps)}${orInits}`,
  )
}

/**
 * The runtime's id of the container whose log is wanted; refused in a kubelet's words (`validateContainerLogStatus`).
 */
export function loggedContainerId(pod: Pod, name: string, previous: boolean): string {
  const said = (what: string) => `container "${name}" in pod "${pod.metadata.name}" ${what}`
  const status = statusOf(pod, name)
  if (status === undefined) throw badRequest(said('is not available'))
  const { state = {}, lastState, containerID } = status
  const last = lastState?.terminated?.containerID
  if (previous) {
    if (last) return idIn(last)
    throw badRequest(`previous terminated ${said('not found')}`)
  }
  if (state.running && containerID) return idIn(containerID)
  if (state.terminated?.containerID) return idIn(state.terminated.containerID)
  if (last) return idIn(last)
  if (state.terminated) throw badRequest(said('is terminated'))
  throw badRequest(said(`is waiting to start: ${reasonOf(state.waiting?.reason)}`))
}

/** The runtime's id of a running container; refused in a kubelet's words. */
export function runningContainerId(pod: Pod, name: string): string {
  const status = statusOf(pod, name)
  if (status?.state?.running && status.containerID) return idIn(status.containerID)
  throw badRequest(`container not found ("${name}")`)
}

const statusOf = ({ status }: Pod, name: string): ContainerStatus | undefined =>
  containerStatusesOf(status).find((each) => each.name === name)

function reasonOf(reason: string | undefined): string {
  if (reason === 'ErrImagePull') return "image can't be pulled"
  if (reason === 'ImagePullBackOff') return 'trying and failing to pull image'
  return reason ?? 'no logs yet'
}

/** `docker://4f2a` is the runtime's `4f2a`. */
const idIn = (containerID: string): string => containerID.replace(/^[^:]*:\/\//, '')
