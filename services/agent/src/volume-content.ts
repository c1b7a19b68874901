import { type ConfigMap, memoryBytes, type Pod, StatusError, type Volume } from '@reckon/kubernetes'
import type { VolumeContent, VolumeFile } from './pod-disk.ts'
import { fieldOf } from './pod-field.ts'

type FindConfigMap = (namespace: string, name: string) => ConfigMap | undefined
type Item = { key: string; path: string; mode?: number }

/** What a pod's volume holds. Refuses with `NotFound` what does not exist, with `Invalid` what is not supported. */
export function volumeContent(volume: Volume, pod: Pod, find: FindConfigMap): VolumeContent {
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
  if (volume.configMap !== undefined) {
    const source = volume.configMap
    const mode = source.defaultMode ?? 0o644
    return { type: 'Files', volume: name, files: configMapFiles({ ...source, mode }, pod, find) }
  }
  if (volume.downwardAPI !== undefined) {
    const mode = volume.downwardAPI.defaultMode ?? 0o644
    return {
      type: 'Files',
      volume: name,
      files: downwardFiles(volume.downwardAPI.items ?? [], mode, pod),
    }
  }
  if (volume.projected !== undefined) {
    const mode = volume.projected.defaultMode ?? 0o644
    const parts = (volume.projected.sources ?? []).map((source) => {
      if (source.configMap) return configMapFiles({ ...source.configMap, mode }, pod, find)
      if (source.downwardAPI) return downwardFiles(source.downwardAPI.items ?? [], mode, pod)
      throw unsupported(name, `projected ${Object.keys(source)[0]}`)
    })
    return { type: 'Files', volume: name, files: new Map(parts.flatMap((part) => [...part])) }
  }
  throw unsupported(name, Object.keys(volume).find((key) => key !== 'name') ?? 'nothing')
}

const unsupported = (volume: string, type: string) =>
  new StatusError(
    'Invalid',
    `volume "${volume}" is of a type that this node does not support: ${type}`,
  )

function configMapFiles(
  source: { name?: string; optional?: boolean; items?: readonly Item[]; mode: number },
  pod: Pod,
  find: FindConfigMap,
): ReadonlyMap<string, VolumeFile> {
  const name = source.name ?? ''
  const configMap = find(pod.metadata.namespace ?? '', name)
  if (configMap === undefined) {
    if (source.optional) return new Map()
    throw new StatusError('NotFound', `configmap "${name}" not found`)
  }
  const contents = new Map([
    ...Object.entries(configMap.data ?? {}).map(([key, text]) => [key, Buffer.from(text)] as const),
    ...Object.entries(configMap.binaryData ?? {}).map(
      ([key, text]) => [key, Buffer.from(text, 'base64')] as const,
    ),
  ])
  const items: readonly Item[] =
    source.items ?? [...contents.keys()].map((key) => ({ key, path: key }))
  const files = new Map<string, VolumeFile>()
  for (const { key, path, mode } of items) {
    const content = contents.get(key)
    if (content !== undefined) files.set(path, { content, mode: mode ?? source.mode })
    else if (!source.optional) {
      throw new StatusError(
        'NotFound',
        `configmap "${name}" references non-existent config key: ${key}`,
      )
    }
  }
  return files
}

function downwardFiles(
  items: readonly { path: string; fieldRef?: { fieldPath: string }; mode?: number }[],
  modeDefault: number,
  pod: Pod,
): ReadonlyMap<string, VolumeFile> {
  return new Map(
    items.map(({ path, fieldRef, mode }) => {
      if (fieldRef === undefined) {
        throw new StatusError('Invalid', `downward API file "${path}" names no field of the pod`)
      }
      const content = Buffer.from(fieldOf(pod, fieldRef.fieldPath, {}))
      return [path, { content, mode: mode ?? modeDefault }] as const
    }),
  )
}
