import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ArchivedImage, digestOf, readArchivedImages } from './docker-archive.ts'

/** Where a registry keeps an image of this name: as on Docker Hub, a name without a slash belongs to `library`. */
export function repositoryOf(name: string): { repository: string; tag: string } {
  const [path = '', tag = 'latest'] = name.split(':')
  return { repository: path.includes('/') ? path : `library/${path}`, tag }
}

/** The image's manifest as a registry serves it. Layers stay uncompressed: on loopback that is quicker. */
function manifestOf(image: ArchivedImage): Buffer {
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: {
        mediaType: 'application/vnd.docker.container.image.v1+json',
        size: image.config.bytes.length,
        digest: image.config.digest,
      },
      layers: image.layers.map(({ digest, size }) => ({
        mediaType: 'application/vnd.docker.image.rootfs.diff.tar',
        size,
        digest,
      })),
    }),
  )
}

/**
 * Puts the images of these archives where a registry with `rootDir` as its file system storage finds them
 * (the layout is the one of Docker's distribution, `registry/storage/paths.go`).
 */
export async function fillRegistryStorage(
  archives: readonly string[],
  rootDir: string,
): Promise<void> {
  const root = join(rootDir, 'docker/registry/v2')
  for (const archive of archives) {
    for (const image of await readArchivedImages(archive)) await putImage(root, archive, image)
  }
}

async function putImage(root: string, archive: string, image: ArchivedImage): Promise<void> {
  for (const { digest, offset, size } of image.layers) {
    const blob = blobPath(root, digest)
    const present = await stat(blob).catch(() => undefined)
    if (present?.size === size) continue
    await place(blob, checkedLayer(archive, { digest, offset, size }))
  }
  const manifest = manifestOf(image)
  const manifestDigest = digestOf(manifest)
  await place(blobPath(root, image.config.digest), image.config.bytes)
  await place(blobPath(root, manifestDigest), manifest)
  for (const name of image.names) {
    const { repository, tag } = repositoryOf(name)
    const home = join(root, 'repositories', repository)
    const blobs = [image.config.digest, ...image.layers.map(({ digest }) => digest)]
    for (const digest of blobs) await link(join(home, '_layers'), digest)
    await link(join(home, '_manifests/revisions'), manifestDigest)
    await link(join(home, '_manifests/tags', tag, 'index'), manifestDigest)
    await place(join(home, '_manifests/tags', tag, 'current/link'), Buffer.from(manifestDigest))
  }
}

/** A layer's bytes out of an archive; fails at their end if they are not what the digest says. */
async function* checkedLayer(
  archive: string,
  { digest, offset, size }: ArchivedImage['layers'][number],
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(archive, { start: offset, end: offset + size - 1 })) {
    hash.update(chunk)
    yield chunk
  }
  if (`sha256:${hash.digest('hex')}` !== digest)
    throw new Error(`${archive} is damaged: a layer is not the one that its image names`)
}

function blobPath(root: string, digest: string): string {
  const hex = digest.slice('sha256:'.length)
  return join(root, 'blobs/sha256', hex.slice(0, 2), hex, 'data')
}

async function link(dir: string, digest: string): Promise<void> {
  await place(join(dir, digest.replace(':', '/'), 'link'), Buffer.from(digest))
}

/** Writes a file aside and moves it into place: a registry may be reading there. */
async function place(path: string, data: Buffer | AsyncIterable<Buffer | string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const aside = `${path}.${process.pid}`
  await writeFile(aside, data)
  await rename(aside, path)
}
