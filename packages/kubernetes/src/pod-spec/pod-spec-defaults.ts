import type { Container, PodSpec, Probe, Volume } from '../object.ts'
import { containersOf } from '../pods/containers-of.ts'
import { graceSecondsDefault } from '../pods/pod-end.ts'
import { schedulerNameDefault } from '../pods/scheduler-name.ts'
import { inThousandths } from '../quantity.ts'

const fileMode = 0o644

/** Fills in the defaults of every pod spec, in a Pod and in a template; modifies the spec. */
export function setPodSpecDefaults(spec: PodSpec): void {
  spec.restartPolicy ||= 'Always'
  spec.terminationGracePeriodSeconds ??= graceSecondsDefault
  if (spec.terminationGracePeriodSeconds < 0) spec.terminationGracePeriodSeconds = 1
  spec.dnsPolicy ||= 'ClusterFirst'
  spec.securityContext ??= {}
  spec.schedulerName ||= schedulerNameDefault
  // The older name of the field is kept equal, as upstream's conversion does.
  const serviceAccount = spec.serviceAccountName || spec.serviceAccount
  if (serviceAccount) {
    spec.serviceAccountName = serviceAccount
    spec.serviceAccount = serviceAccount
  }
  for (const container of containersOf(spec)) setContainerDefaults(container)
  for (const volume of spec.volumes ?? []) setVolumeDefaults(volume)
}

/** Fills in the defaults of Pods only: requests, host ports, service links. */
export function setPodOnlyDefaults(spec: PodSpec): void {
  spec.enableServiceLinks ??= true
  for (const container of containersOf(spec)) {
    const { limits } = container.resources ?? {}
    if (limits)
      container.resources = {
        ...container.resources,
        requests: { ...limits, ...container.resources?.requests },
      }
    if (!spec.hostNetwork) continue
    for (const port of container.ports ?? []) port.hostPort ||= port.containerPort
  }
}

function setContainerDefaults(container: Container): void {
  container.imagePullPolicy ||= isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent'
  container.terminationMessagePath ||= '/dev/termination-log'
  container.terminationMessagePolicy ||= 'File'
  container.resources ??= {}
  for (const list of ['limits', 'requests'] as const) {
    const amounts = container.resources[list]
    if (amounts) container.resources[list] = roundedAmounts(amounts)
  }
  for (const port of container.ports ?? []) port.protocol ||= 'TCP'
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ||= 'v1'
    if (valueFrom?.resourceFieldRef) valueFrom.resourceFieldRef.divisor ??= '0'
  }
  const { livenessProbe, readinessProbe, startupProbe } = container
  for (const probe of [livenessProbe, readinessProbe, startupProbe])
    if (probe) setProbeDefaults(probe)
  for (const hook of [container.lifecycle?.postStart, container.lifecycle?.preStop]) {
    if (hook?.httpGet) setHttpGetDefaults(hook.httpGet)
  }
}

const roundedAmounts = (amounts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(amounts).map(([name, each]) => [name, inThousandths(each)]))

/** An image without tag and digest, or tagged `latest`. */
function isLatest(image: string): boolean {
  if (image.includes('@')) return false
  const tag = image.slice(image.lastIndexOf('/') + 1).split(':')[1]
  return tag === undefined || tag === 'latest'
}

function setProbeDefaults(probe: Probe): void {
  probe.timeoutSeconds ||= 1
  probe.periodSeconds ||= 10
  probe.successThreshold ||= 1
  probe.failureThreshold ||= 3
  if (probe.httpGet) setHttpGetDefaults(probe.httpGet)
  if (probe.grpc) probe.grpc.service ??= ''
}

function setHttpGetDefaults(action: NonNullable<Probe['httpGet']>): void {
  action.path ||= '/'
  action.scheme ||= 'HTTP'
}

function setVolumeDefaults(volume: Volume): void {
  if (Object.keys(volume).every((field) => field === 'name')) volume.emptyDir = {}
  for (const source of [volume.configMap, volume.secret, volume.downwardAPI, volume.projected]) {
    if (source) source.defaultMode ??= fileMode
  }
  if (volume.hostPath) volume.hostPath.type ??= ''
  const claim = volume.ephemeral?.volumeClaimTemplate?.spec
  if (claim) claim.volumeMode ??= 'Filesystem'
  const projections = volume.projected?.sources ?? []
  const files = [volume.downwardAPI, ...projections.map((source) => source.downwardAPI)]
  for (const item of files.flatMap((source) => source?.items ?? [])) {
    if (item.fieldRef) item.fieldRef.apiVersion ||= 'v1'
    if (item.resourceFieldRef) item.resourceFieldRef.divisor ??= '0'
  }
  for (const { serviceAccountToken } of projections) {
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600
  }
}
