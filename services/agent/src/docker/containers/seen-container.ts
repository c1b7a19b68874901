import type { ContainerInspectInfo } from 'dockerode'
import { type SeenContainer, sandboxName } from '../../runtime/runtime.ts'
import { label } from './container-options.ts'

/** Docker's times have a varying number of digits; its zero time means never. */
const timeMs = (text: string): number | undefined => {
  const ms = Date.parse(text)
  return ms > 0 ? ms : undefined
}

/** Converts Docker's description of a container. */
export function seenContainer(info: ContainerInspectInfo): SeenContainer {
  const labels = info.Config.Labels
  const container = labels[label.container] ?? ''
  const ip = labels[label.ip]
  const { error, exitCode } = errorOf(info)
  // As under dockershim: a container that never ran began and ended when it was created.
  const made = error === undefined ? undefined : timeMs(info.Created)
  const started = timeMs(info.State.StartedAt) ?? made
  const finished = timeMs(info.State.FinishedAt) ?? made
  return {
    id: info.Id,
    pod: {
      uid: labels[label.uid] ?? '',
      namespace: labels[label.namespace] ?? '',
      name: labels[label.name] ?? '',
    },
    container,
    attempt: Number(labels[label.attempt] ?? 0),
    sandboxId: container === sandboxName ? info.Id : (labels[label.sandbox] ?? ''),
    state: stateOf(info, error),
    image: info.Config.Image,
    imageId: info.Image,
    ...(ip === undefined ? {} : { ip }),
    ...(started === undefined ? {} : { startedAtMs: started }),
    ...(finished === undefined ? {} : { finishedAtMs: finished }),
    exitCode,
    outOfMemory: info.State.OOMKilled,
    ...(error === undefined ? {} : { startError: error }),
  }
}

function stateOf(
  { State }: ContainerInspectInfo,
  error: string | undefined,
): SeenContainer['state'] {
  if (State.Running && !State.Restarting) return 'Running'
  return State.Status === 'created' && error === undefined ? 'Created' : 'Exited'
}

/** The start error of a container that was created but could not be started. */
function errorOf({ State }: ContainerInspectInfo): { error?: string; exitCode: number } {
  if (State.Status !== 'created' || State.Error === '') return { exitCode: State.ExitCode }
  return { error: State.Error, exitCode: State.ExitCode === 0 ? 128 : State.ExitCode }
}
