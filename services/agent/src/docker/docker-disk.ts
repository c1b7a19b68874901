import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from '@reckon/process'
import type Docker from 'dockerode'
import { bytesBelow } from '../machine/disk/bytes-below.ts'
import type { DiskSpace, WrittenBytes } from '../runtime/disk-space.ts'
import { label } from './containers/container-options.ts'
import type { Engine } from './engine.ts'
import { unlessGone } from './unless-gone.ts'

type DockerEngine = { docker: Docker; engine: Engine }

/** A listed container, when sizes were requested. */
interface Sized extends Docker.ContainerInfo {
  SizeRw?: number
}

/** The disk with a folder; undefined where the folder is on another machine. */
export async function spaceOf(folder: string): Promise<DiskSpace | undefined> {
  try {
    const { bsize, blocks, bavail } = await statfs(folder)
    const { dev: device } = await stat(folder)
    return { capacityBytes: bsize * blocks, availableBytes: bsize * bavail, device }
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'EACCES')) return undefined
    throw error
  }
}

/**
 * The bytes that containers with these labels have written besides their images, including their logs where these are
 * on this machine.
 */
export async function bytesWritten(
  { docker, engine }: DockerEngine,
  labels: readonly string[],
): Promise<readonly WrittenBytes[]> {
  const filters = { label: [...labels] }
  const listed: readonly Sized[] = await engine(() =>
    docker.listContainers({ all: true, size: true, filters }),
  )
  const written: WrittenBytes[] = []
  for (const { Id, Labels, SizeRw = 0 } of listed) {
    const info = await unlessGone(() => engine(() => docker.getContainer(Id).inspect()))
    const logBytes = info?.LogPath ? await bytesBelow(dirname(info.LogPath)) : 0
    const { [label.uid]: podUid = '', [label.container]: container = '' } = Labels
    written.push({ podUid, container, bytes: SizeRw + logBytes })
  }
  return written
}
