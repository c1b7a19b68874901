import {
  type ContainerState,
  type ContainerStatus,
  containerStatusesOf,
  type PodStatus,
} from '@reckon/kubernetes'
import { type SeenContainer, sandboxName } from '../runtime/runtime.ts'

type Terminated = NonNullable<ContainerState['terminated']>

/** A container of a pod: one that was listed, or one that was reported as ended and is gone. */
export type KnownContainer = Omit<SeenContainer, 'pod'> & { told?: Terminated }

/**
 * The listed containers of a pod, and those that had ended and were removed by somebody else (`docker container
 * prune`): what happened remains known. `status` is the last reported one.
 */
export function withForgotten(
  seen: readonly SeenContainer[],
  status: PodStatus | undefined,
): readonly KnownContainer[] {
  const sandbox = seen.find((each) => each.container === sandboxName && each.state === 'Running')
  const forgotten = containerStatusesOf(status).flatMap((each): KnownContainer[] => {
    const isSeen = seen.some(
      ({ container, attempt }) => container === each.name && attempt >= each.restartCount,
    )
    const ended = isSeen ? undefined : endOf(each)
    return ended ? [forgottenContainer(each, ended, sandbox)] : []
  })
  return [...seen, ...forgotten]
}

/** How its last attempt ended; undefined where it was reported as running. */
const endOf = ({ state, lastState }: ContainerStatus): Terminated | undefined =>
  state?.terminated ?? (state?.waiting && lastState?.terminated)

/** A container that ended after the sandbox had started was in it. */
function forgottenContainer(
  { name, restartCount, image, imageID }: ContainerStatus,
  told: Terminated,
  sandbox: SeenContainer | undefined,
): KnownContainer {
  const { exitCode, containerID = '', startedAt = '', finishedAt = '' } = told
  const finishedAtMs = Date.parse(finishedAt) || 0
  // Reported times are in whole seconds.
  const beganAtMs = Math.floor((sandbox?.startedAtMs ?? 0) / 1000) * 1000
  return {
    id: containerID.replace(/^.*:\/\//, ''),
    container: name,
    attempt: restartCount,
    sandboxId: finishedAtMs >= beganAtMs ? (sandbox?.id ?? '') : '',
    state: 'Exited',
    image,
    imageId: imageID,
    startedAtMs: Date.parse(startedAt) || 0,
    finishedAtMs,
    exitCode,
    outOfMemory: told.reason === 'OOMKilled',
    told,
  }
}
