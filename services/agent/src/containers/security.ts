import type { Container, Pod } from '@reckon/kubernetes'
import type { ContainerSecurity } from '../runtime/runtime.ts'

type Context = NonNullable<Container['securityContext']>

/** The security settings of a container, which override those of its pod. */
export function securityOf(pod: Pod, container: Container): ContainerSecurity {
  const ofPod = pod.spec.securityContext ?? {}
  const own = container.securityContext ?? {}
  const user = own.runAsUser ?? ofPod.runAsUser
  const group = own.runAsGroup ?? ofPod.runAsGroup
  const groups = [...(ofPod.supplementalGroups ?? []), ...(ofPod.fsGroup ? [ofPod.fsGroup] : [])]
  return {
    // A group without a user means root: Docker knows no group without a user.
    ...(user === undefined && group === undefined
      ? {}
      : { user: group === undefined ? `${user}` : `${user ?? 0}:${group}` }),
    supplementalGroups: groups,
    readOnlyRootFilesystem: own.readOnlyRootFilesystem === true,
    privileged: own.privileged === true,
    noNewPrivileges: own.allowPrivilegeEscalation === false,
    addCapabilities: own.capabilities?.add ?? [],
    dropCapabilities: own.capabilities?.drop ?? [],
    unconfined: unconfinedOf(ofPod, own),
  }
}

/** Which of the engine's confinements are disabled. */
function unconfinedOf(ofPod: Context, own: Context): ContainerSecurity['unconfined'] {
  const seccomp = own.seccompProfile ?? ofPod.seccompProfile
  const apparmor = own.appArmorProfile ?? ofPod.appArmorProfile
  return [
    ...(seccomp?.type === 'Unconfined' ? (['seccomp'] as const) : []),
    ...(apparmor?.type === 'Unconfined' ? (['apparmor'] as const) : []),
    ...(own.procMount === 'Unmasked' ? (['proc'] as const) : []),
  ]
}

/** Whether a container must not run as root (`runAsNonRoot`). */
export const isBarredFromRoot = (pod: Pod, container: Container): boolean =>
  (container.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot) === true

/**
 * Why a container that must not run as root would, given its image's user; undefined where it may run. A kubelet's
 * wording.
 */
export function rootProblem(pod: Pod, container: Container, imageUser: string): string | undefined {
  const ofPod = pod.spec.securityContext ?? {}
  const own = container.securityContext ?? {}
  if (!isBarredFromRoot(pod, container)) return undefined
  const { name, namespace, uid } = pod.metadata
  const where = `(pod: "${name}_${namespace}(${uid})", container: ${container.name})`
  const user = own.runAsUser ?? ofPod.runAsUser
  if (user === 0) return `container's runAsUser breaks non-root policy ${where}`
  if (user !== undefined) return undefined
  const [named = ''] = imageUser.split(':')
  if (named === '' || Number(named) === 0) {
    return `container has runAsNonRoot and image will run as root ${where}`
  }
  if (Number.isInteger(Number(named))) return undefined
  return `container has runAsNonRoot and image has non-numeric user (${named}), cannot verify user is non-root ${where}`
}
