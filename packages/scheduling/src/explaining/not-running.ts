import type { Pod } from '@reckon/kubernetes'

/** A container that does not run, and why not, in its node's words. */
export type NotRunning = { container: string; reason: string; message?: string }

/** What every container goes through: alone it says nothing. */
const usual = ['ContainerCreating', 'PodInitializing']

/** The containers of a placed pod that its node cannot start, or starts again and again; none while all goes well. Pure. */
export function notRunningIn({ spec, status }: Pod): readonly NotRunning[] {
  if (!spec.nodeName) return []
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return all.flatMap(({ name, state }) => {
    const { reason = '', message } = state?.waiting ?? {}
    if (reason === '' || (usual.includes(reason) && !message)) return []
    return [{ container: name, reason, ...(message && { message }) }]
  })
}
