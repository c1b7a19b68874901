import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { newEntry } from './file-tree.ts'
import { writeTar } from './tar.ts'

/** How a container of the image starts: the part of Docker's image configuration that we use, in its own words. */
export type ContainerConfig = {
  Entrypoint?: readonly string[]
  Cmd?: readonly string[]
  Env?: readonly string[]
  ExposedPorts?: Readonly<Record<string, object>>
  Volumes?: Readonly<Record<string, object>>
  WorkingDir?: string
  StopSignal?: string
  User?: string
}

/** Where a file lies in an archive, so that it can be read without the rest. */
type ArchivedFile = { offset: number; size: number }

/** What an archive holds: each image's configuration and layers, with the names it bears. */
export type ArchivedImage = {
  names: readonly string[]
  config: { digest: string; bytes: Buffer }
  layers: readonly ({ digest: string } & ArchivedFile)[]
}

/** The digest of a blob, as registries write it. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** What `docker load` reads: one image under one name. The same layers and configuration give the same image id. */
export async function dockerArchive(image: {
  name: string
  architecture: string
  config: ContainerConfig
  layers: readonly Buffer[]
}): Promise<Buffer> {
  const digests = image.layers.map(digestOf)
  const configBytes = Buffer.from(
    JSON.stringify({
      architecture: image.architecture,
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config: image.config,
      rootfs: { type: 'layers', diff_ids: digests },
      history: digests.map(() => ({ created: '1970-01-01T00:00:00Z', created_by: 'reckon' })),
    }),
  )
  const layerPath = (digest: string) => `${digest.slice('sha256:'.length)}.tar`
  const configPath = `${digestOf(configBytes).slice('sha256:'.length)}.json`
  const manifest = [
    { Config: configPath, RepoTags: [image.name], Layers: digests.map((d) => layerPath(d)) },
  ]
  return await writeTar([
    newEntry('manifest.json', { data: Buffer.from(JSON.stringify(manifest)) }),
    newEntry(configPath, { data: configBytes }),
    ...image.layers.map((data, i) => newEntry(layerPath(digests[i] ?? ''), { data })),
  ])
}

/**
 * The images of an archive, read without its layers' bytes: of tar only names and sizes are looked at. A layer's digest
 * is the one in the image's configuration: Docker's archives hold layers uncompressed.
 */
export async function readArchivedImages(path: string): Promise<ArchivedImage[]> {
  const file = await open(path)
  try {
    const read = async ({ offset, size }: ArchivedFile) =>
      (await file.read(Buffer.alloc(size), 0, size, offset)).buffer
    const files = new Map<string, ArchivedFile>()
    for (let at = 0; ; ) {
      const header = await read({ offset: at, size: 512 })
      const name = header.subarray(0, header.indexOf(0)).toString()
      if (name === '') break
      const size = Number.parseInt(header.subarray(124, 135).toString(), 8)
      if (!(size >= 0)) throw new Error(`${path} is not an image archive`)
      files.set(name, { offset: at + 512, size })
      at += 512 + Math.ceil(size / 512) * 512
    }
    const find = (name: string) => {
      const found = files.get(name)
      if (!found) throw new Error(`${path} is not an image archive: it holds no ${name}`)
      return found
    }
    const manifest = JSON.parse((await read(find('manifest.json'))).toString()) as {
      Config: string
      RepoTags: string[]
      Layers: string[]
    }[]
    return await Promise.all(
      manifest.map(async (image) => {
        const bytes = await read(find(image.Config))
        const { rootfs } = JSON.parse(bytes.toString()) as { rootfs: { diff_ids: string[] } }
        const layers = image.Layers.map((layer, i) => ({
          digest: rootfs.diff_ids[i] ?? '',
          ...find(layer),
        }))
        return { names: image.RepoTags, config: { digest: digestOf(bytes), bytes }, layers }
      }),
    )
  } finally {
    await file.close()
  }
}
