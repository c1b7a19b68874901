import { attempt } from '@reckon/eventing/bus'
import {
  type Container,
  objectKey,
  type Pod,
  StatusError,
  type Volume,
  type VolumeMount,
} from '@reckon/kubernetes'
import { hostsFile, machineHosts, resolvConf } from '../containers/dns-files.ts'
import { expandVariables } from '../containers/expand-variables.ts'
import { identityOf } from '../containers/sandbox-spec.ts'
import { allocatableOf } from '../node/allocatable.ts'
import type { NodeContext } from '../node/node-context.ts'
import type { Mount } from '../runtime/runtime.ts'
import type { VolumeContent } from './pod-disk.ts'
import { type VolumeSources, volumeContent } from './volume-content.ts'

/** The volume for the pod's own files; no user's volume can have this name. */
const ownVolume = '.etc'

type Asked = {
  pod: Pod
  container: Container
  attempt: number
  podIP: string | undefined
  env: Readonly<Record<string, string>>
}

/** Places the content of a container's mounts, and returns their paths. */
export async function mountsOf(node: NodeContext, asked: Asked): Promise<readonly Mount[]> {
  const { pod, container } = asked
  const mounts: Mount[] = []
  for (const mount of container.volumeMounts ?? []) {
    const content = contentOf(node, pod, mount)
    if (content.type === 'Nfs') {
      mounts.push(nfsMount(content, pod, mount))
      continue
    }
    await node.ports.disk.place(pod.metadata.uid ?? '', content)
    const subPath = subPathOf(mount, asked.env)
    const source = await node.ports.disk.pathOf(pod.metadata.uid ?? '', content, subPath)
    mounts.push({
      source,
      target: mount.mountPath,
      readOnly: mount.readOnly === true || content.type === 'Files' || isReadOnly(pod, mount),
      ...propagationOf(mount),
    })
  }
  mounts.push(...(await messageMount(node, asked)))
  const taken = new Set(mounts.map(({ target }) => target))
  return [...mounts, ...(await ownFiles(node, asked)).filter(({ target }) => !taken.has(target))]
}

/** Updates the files of a running pod; files whose source is missing stay as they are. */
export async function refreshVolumes(node: NodeContext, pod: Pod): Promise<void> {
  for (const volume of pod.spec.volumes ?? []) {
    const isLive = volume.configMap ?? volume.secret ?? volume.projected ?? volume.downwardAPI
    if (!isLive) continue
    const content = foundContent(() => contentIn(node, pod, volume))
    if (content !== undefined && content.type !== 'Nfs') {
      await node.ports.disk.place(pod.metadata.uid ?? '', content)
    }
  }
}

const sourcesOf = (node: NodeContext): VolumeSources => ({
  configMap: node.known.configMap,
  secret: node.known.secret,
  claim: node.known.claim,
  persistentVolume: node.known.persistentVolume,
  token: node.tokens.token,
  allocatable: () => allocatableOf(node),
})

function foundContent(find: () => VolumeContent): VolumeContent | undefined {
  try {
    return find()
  } catch (error) {
    if (error instanceof StatusError) return undefined
    throw error
  }
}

function contentOf(node: NodeContext, pod: Pod, mount: VolumeMount): VolumeContent {
  const volume = (pod.spec.volumes ?? []).find(({ name }) => name === mount.name)
  if (volume === undefined)
    throw new StatusError('Invalid', `volume "${mount.name}" is not defined`)
  return contentIn(node, pod, volume)
}

/** The engine mounts the whole export. */
function nfsMount(
  { nfs, isReadOnly: isServed }: VolumeContent & { type: 'Nfs' },
  pod: Pod,
  mount: VolumeMount,
): Mount {
  if (mount.subPath || mount.subPathExpr) {
    throw new StatusError('Invalid', `volume "${mount.name}" by NFS is mounted without a subPath`)
  }
  const readOnly = mount.readOnly === true || isServed || isReadOnly(pod, mount)
  return { source: `${nfs.server}:${nfs.path}`, target: mount.mountPath, readOnly, nfs }
}

/** Whether the pod only reads the claim. */
const isReadOnly = ({ spec }: Pod, mount: VolumeMount): boolean =>
  spec.volumes?.find(({ name }) => name === mount.name)?.persistentVolumeClaim?.readOnly === true

/** The pod's own content belongs to its group. */
function contentIn(node: NodeContext, pod: Pod, volume: Volume): VolumeContent {
  const content = attempt(objectKey(identityOf(pod)), () =>
    volumeContent(volume, pod, sourcesOf(node)),
  )
  const { fsGroup: group, fsGroupChangePolicy: policy } = pod.spec.securityContext ?? {}
  if (group === undefined || content.type === 'HostPath' || content.type === 'Nfs') return content
  return content.type === 'Local'
    ? { ...content, group, isGivenOnce: policy === 'OnRootMismatch' }
    : { ...content, group }
}

/** The propagation of mounts between machine and container. */
const propagationOf = ({ mountPropagation }: VolumeMount): Partial<Mount> =>
  mountPropagation === 'HostToContainer' || mountPropagation === 'Bidirectional'
    ? { propagation: mountPropagation }
    : {}

/** The mount of the termination message file. */
async function messageMount(
  { ports }: NodeContext,
  { pod, container, attempt: number }: Asked,
): Promise<readonly Mount[]> {
  const target = container.terminationMessagePath
  if (!target) return []
  const of = { container: container.name, attempt: number }
  const source = await ports.disk.messageFile(pod.metadata.uid ?? '', of)
  return [{ source, target, readOnly: false }]
}

function subPathOf(mount: VolumeMount, env: Readonly<Record<string, string>>): string | undefined {
  const path = mount.subPathExpr ? expandVariables(mount.subPathExpr, env) : mount.subPath
  if (!path) return undefined
  if (path.startsWith('/') || path.split('/').includes('..')) {
    throw new StatusError('Invalid', `subPath "${path}" must stay inside its volume`)
  }
  return path
}

async function ownFiles(node: NodeContext, { pod, podIP }: Asked): Promise<readonly Mount[]> {
  const uid = pod.metadata.uid ?? ''
  const key = objectKey(identityOf(pod))
  const { settings } = node.network
  const resolver = await node.ports.disk.machineResolver()
  const resolv = attempt(key, () => resolvConf(pod, settings, resolver.text))
  const ofMachine = pod.spec.hostNetwork ? await node.ports.disk.machineHosts() : undefined
  const hosts = attempt(key, () =>
    ofMachine === undefined ? hostsFile(pod, podIP, settings.domain) : machineHosts(pod, ofMachine),
  )
  const texts = new Map([
    ['hosts', hosts],
    ...(resolv === undefined ? [] : ([['resolv.conf', resolv]] as const)),
  ])
  const files = new Map(
    [...texts].map(([name, text]) => [name, { content: Buffer.from(text), mode: 0o644 }]),
  )
  const content = { type: 'Files', volume: ownVolume, files } as const
  await node.ports.disk.place(uid, content)
  const path = (name: string) => node.ports.disk.pathOf(uid, content, name)
  return [
    { source: await path('hosts'), target: '/etc/hosts', readOnly: false },
    {
      source: resolv === undefined ? resolver.path : await path('resolv.conf'),
      target: '/etc/resolv.conf',
      readOnly: false,
    },
  ]
}
