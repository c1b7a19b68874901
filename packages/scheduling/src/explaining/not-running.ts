import type { Pod } from '@reckon/kubernetes'

/** A container that does not run, and why not, in its node's words. */
export type NotRunning = { container: string; reason: string; message?: string }

/** That a pod has failed as a whole, and why, in the words of its node. */
export type Failure = { reason: string; message?: string }

/** Undefined where the pod has not failed, or where its containers explain the failure. Pure. */
export function failureOf({ status }: Pod): Failure | undefined {
  const { phase, reason, message } = status ?? {}
  if (phase !== 'Failed' || !reason) return undefined
  return { reason, ...(message && { message }) }
}

/** A state that every container passes through: alone it means nothing. */
const usual = ['ContainerCreating', 'PodInitializing']

/**
 * The containers of a placed pod that its node cannot start, or starts again and again; none while all goes well. Pure.
 */
export function notRunningIn({ spec, status }: Pod): readonly NotRunning[] {
  if (!spec.nodeName) return []
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return all.flatMap(({ name, state }) => {
    const { reason = '', message } = state?.waiting ?? {}
    if (reason === '' || (usual.includes(reason) && !message)) return []
    return [{ container: name, reason, ...(message && { message }) }]
  })
}
