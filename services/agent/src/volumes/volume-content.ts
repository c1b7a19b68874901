import {
  type ConfigMap,
  madeOn,
  memoryBytes,
  type PersistentVolume,
  type Pod,
  type Secret,
  StatusError,
  type Volume,
} from '@reckon/kubernetes'
import { fieldOf } from '../containers/pod-field.ts'
import { type Allocatable, resourceFieldOf } from '../containers/resource-field.ts'
import { type ClaimSources, claimedVolume, claimNameOf } from './claimed-volume.ts'
import type { VolumeContent, VolumeFile } from './pod-disk.ts'

/** Finds ConfigMaps, Secrets, claims and tokens. */
export type VolumeSources = ClaimSources & {
  configMap(namespace: string, name: string): ConfigMap | undefined
  secret(namespace: string, name: string): Secret | undefined
  token(pod: Pod, audience: string): string | undefined
  allocatable(): Allocatable
}
type Item = { key: string; path: string; mode?: number }

/** The content of a pod's volume. Refuses with `NotFound` what does not exist, with `Invalid` what is not supported. */
export function volumeContent(volume: Volume, pod: Pod, find: VolumeSources): VolumeContent {
  const { name } = volume
  if (volume.emptyDir !== undefined) {
    const { medium, sizeLimit } = volume.emptyDir
    return {
      type: 'Empty',
      volume: name,
      medium: medium === 'Memory' ? 'Memory' : 'Disk',
      ...(sizeLimit === undefined ? {} : { bytesMax: memoryBytes(sizeLimit) }),
    }
  }
  if (volume.hostPath !== undefined) {
    return {
      type: 'HostPath',
      volume: name,
      path: volume.hostPath.path,
      check: volume.hostPath.type ?? '',
    }
  }
  if (volume.nfs !== undefined) return nfsContent(name, volume.nfs)
  const claimName = claimNameOf(volume, pod)
  if (claimName !== undefined) {
    return claimedContent(name, claimedVolume(claimName, volume, pod, find))
  }
  if (volume.configMap !== undefined) {
    const source = volume.configMap
    const mode = source.defaultMode ?? 0o644
    return { type: 'Files', volume: name, files: configMapFiles({ ...source, mode }, pod, find) }
  }
  if (volume.secret !== undefined) {
    const { secretName: secret, defaultMode: mode = 0o644, ...rest } = volume.secret
    const source = { ...rest, mode, ...(secret && { name: secret }) }
    const files = secretFiles(source, pod, find)
    return { type: 'Files', volume: name, files, medium: 'Memory' }
  }
  if (volume.downwardAPI !== undefined) {
    const mode = volume.downwardAPI.defaultMode ?? 0o644
    return {
      type: 'Files',
      volume: name,
      files: downwardFiles({ ...volume.downwardAPI, mode }, pod, find),
    }
  }
  if (volume.projected !== undefined) {
    const mode = volume.projected.defaultMode ?? 0o644
    const parts = (volume.projected.sources ?? []).map((source) => {
      if (source.configMap) return configMapFiles({ ...source.configMap, mode }, pod, find)
      if (source.secret) return secretFiles({ ...source.secret, mode }, pod, find)
      if (source.downwardAPI) return downwardFiles({ ...source.downwardAPI, mode }, pod, find)
      if (source.serviceAccountToken) {
        return tokenFiles({ ...source.serviceAccountToken, mode }, pod, find)
      }
      throw unsupported(name, `projected ${Object.keys(source)[0]}`)
    })
    const isSecret = volume.projected.sources?.some(
      ({ secret, serviceAccountToken }) => secret ?? serviceAccountToken,
    )
    const files = new Map(parts.flatMap((part) => [...part]))
    return { type: 'Files', volume: name, files, ...(isSecret && { medium: 'Memory' }) }
  }
  throw unsupported(name, Object.keys(volume).find((key) => key !== 'name') ?? 'nothing')
}

function claimedContent(volume: string, claimed: PersistentVolume): VolumeContent {
  const { hostPath, local, mountOptions, nfs } = claimed.spec
  if (hostPath) return { type: 'HostPath', volume, path: hostPath.path, check: hostPath.type ?? '' }
  if (nfs) return nfsContent(volume, nfs, mountOptions)
  if (local) {
    return { type: 'Local', volume, path: local.path, isMade: madeOn(claimed) !== undefined }
  }
  throw unsupported(volume, `persistent volume "${claimed.metadata.name}"`)
}

const nfsContent = (
  volume: string,
  { server, path, readOnly = false }: NonNullable<Volume['nfs']>,
  options: readonly string[] = [],
): VolumeContent => ({
  type: 'Nfs',
  volume,
  nfs: { server, path, options },
  isReadOnly: readOnly,
})

const unsupported = (volume: string, type: string) =>
  new StatusError(
    'Invalid',
    `volume "${volume}" is of a type that this node does not support: ${type}`,
  )

type Source = { name?: string; optional?: boolean; items?: readonly Item[]; mode: number }
type Contents = ReadonlyMap<string, Uint8Array>

function configMapFiles(source: Source, pod: Pod, find: VolumeSources) {
  const configMap = find.configMap(pod.metadata.namespace ?? '', source.name ?? '')
  const contents =
    configMap &&
    new Map([
      ...Object.entries(configMap.data ?? {}).map(
        ([key, text]) => [key, Buffer.from(text)] as const,
      ),
      ...Object.entries(configMap.binaryData ?? {}).map(
        ([key, text]) => [key, Buffer.from(text, 'base64')] as const,
      ),
    ])
  return filesOf('configmap', source, contents)
}

function secretFiles(source: Source, pod: Pod, find: VolumeSources) {
  const secret = find.secret(pod.metadata.namespace ?? '', source.name ?? '')
  const contents = Object.entries(secret?.data ?? {}).map(
    ([key, text]) => [key, Buffer.from(text, 'base64')] as const,
  )
  return filesOf('secret', source, secret && new Map(contents))
}

function tokenFiles(
  { path, audience = '', mode }: { path: string; audience?: string; mode: number },
  pod: Pod,
  find: VolumeSources,
): ReadonlyMap<string, VolumeFile> {
  const token = find.token(pod, audience)
  if (token !== undefined) {
    const owner = onlyUser(pod)
    // Readable by its owner only: a group that may read it gets that right with the volume.
    const isPrivate = owner !== undefined || pod.spec.securityContext?.fsGroup !== undefined
    const file = { content: Buffer.from(token), mode: isPrivate ? 0o600 : mode }
    return new Map([[path, { ...file, ...(owner !== undefined && { owner }) }]])
  }
  const account = `serviceaccount "${pod.spec.serviceAccountName}"`
  throw new StatusError('NotFound', `failed to fetch token: none of ${account} has come yet`)
}

/** The user of all the pod's containers, where they agree on one. */
function onlyUser({ spec }: Pod): number | undefined {
  const users = [...(spec.initContainers ?? []), ...spec.containers].map(
    ({ securityContext }) => securityContext?.runAsUser ?? spec.securityContext?.runAsUser,
  )
  return users.every((user) => user === users[0]) ? users[0] : undefined
}

/** The files of a ConfigMap or Secret: all its keys, or the listed ones under their paths. */
function filesOf(
  kind: 'configmap' | 'secret',
  source: Source,
  contents: Contents | undefined,
): ReadonlyMap<string, VolumeFile> {
  const name = source.name ?? ''
  if (contents === undefined) {
    if (source.optional) return new Map()
    throw new StatusError('NotFound', `${kind} "${name}" not found`)
  }
  const items: readonly Item[] =
    source.items ?? [...contents.keys()].map((key) => ({ key, path: key }))
  const files = new Map<string, VolumeFile>()
  for (const { key, path, mode } of items) {
    const content = contents.get(key)
    if (content !== undefined) files.set(path, { content, mode: mode ?? source.mode })
    else if (!source.optional) {
      throw new StatusError(
        'NotFound',
        kind === 'secret'
          ? `references non-existent secret key: ${key}`
          : `configmap "${name}" references non-existent config key: ${key}`,
      )
    }
  }
  return files
}

type Downward = NonNullable<Volume['downwardAPI']>

function downwardFiles(
  { items = [], mode: modeDefault }: Pick<Downward, 'items'> & { mode: number },
  pod: Pod,
  find: VolumeSources,
): ReadonlyMap<string, VolumeFile> {
  return new Map(
    items.map(({ path, fieldRef, resourceFieldRef, mode }) => {
      const text = fieldRef
        ? fieldOf(pod, fieldRef.fieldPath, {})
        : resourceFieldRef && resourceFieldOf(pod, undefined, resourceFieldRef, find.allocatable())
      if (text === undefined) {
        throw new StatusError('Invalid', `downward API file "${path}" names no field of the pod`)
      }
      return [path, { content: Buffer.from(text), mode: mode ?? modeDefault }] as const
    }),
  )
}
