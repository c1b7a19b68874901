import type Docker from 'dockerode'
import { mirrored } from '../../containers/image-reference.ts'
import type { SeenImage } from '../../runtime/disk-space.ts'
import { type RegistryCredentials, RuntimeRefusal } from '../../runtime/runtime.ts'
import type { Engine } from '../engine.ts'
import { unlessGone } from '../unless-gone.ts'
import { pullImage } from './pull-image.ts'

type DockerEngine = { docker: Docker; engine: Engine }

type Options = {
  docker: Docker
  quick: Engine
  /** For calls that may take long. */
  slow: Engine
  /** A registry to try first for Docker Hub's images. */
  mirror: string | undefined
}

/** The engine's description of an image; only from Engine 29.2 on does it state the origin. */
interface Inspected extends Docker.ImageInspectInfo {
  Identity?: { Pull?: readonly object[] | null }
}

/** The images of an engine, under the names that pods use. */
export class DockerImages {
  readonly #options: Options
  readonly #pulls = new Map<string, Promise<void>>()
  readonly #asked = new Map<string, Promise<boolean>>()
  /** The id of the last image that was pulled by a name. */
  readonly #pulled = new Map<string, string>()

  constructor(options: Options) {
    this.#options = options
  }

  see(names: readonly string[]): Promise<readonly SeenImage[]> {
    const { docker, quick } = this.#options
    return seeImages({ docker, engine: quick }, names, this.#pulled)
  }

  /** Whether the image is there; simultaneous callers share one request. */
  has(image: string): Promise<boolean> {
    const asked =
      this.#asked.get(image) ?? this.#isThere(image).finally(() => this.#asked.delete(image))
    this.#asked.set(image, asked)
    return asked
  }

  async userOf(image: string): Promise<string> {
    return (await this.#inspect(image)).Config.User
  }

  /** Pulls an image; simultaneous callers with the same credentials share one pull. */
  pull(image: string, credentials: readonly RegistryCredentials[]): Promise<void> {
    const key = `${image} ${JSON.stringify(credentials)}`
    const running = this.#pulls.get(key)
    if (running !== undefined) return running
    const pulled = this.#pull(image, credentials).finally(() => this.#pulls.delete(key))
    this.#pulls.set(key, pulled)
    return pulled
  }

  async remove(image: string): Promise<void> {
    const { docker, slow, mirror } = this.#options
    // The engine would remove a name of an image that has others even while it is in use.
    const [seen] = await this.see([image])
    if (seen?.isUsed) throw new RuntimeRefusal(`a container is made of ${image}`)
    const ofMirror = mirror === undefined ? undefined : mirrored(image, mirror)
    // An image pulled from the mirror also has the mirror's name, and stays as long as it has any.
    for (const name of [image, ...(ofMirror ? [ofMirror] : [])]) {
      await unlessGone(() => slow(() => docker.getImage(name).remove()))
    }
    this.#pulled.delete(image)
  }

  async #isThere(image: string): Promise<boolean> {
    return (await unlessGone(() => this.#inspect(image))) !== undefined
  }

  async #pull(image: string, credentials: readonly RegistryCredentials[]): Promise<void> {
    const { docker, slow, mirror } = this.#options
    await slow(() => pullImage(docker, image, { mirror, credentials }))
    const info = await unlessGone(() => this.#inspect(image))
    if (info !== undefined) this.#pulled.set(image, info.Id)
  }

  #inspect(image: string): Promise<Docker.ImageInspectInfo> {
    const { docker, quick } = this.#options
    return quick(() => docker.getImage(image).inspect())
  }
}

/**
 * The images that are there, and whether any container uses them; `pulled` has the ids of images that we pulled, by
 * name.
 */
export async function seeImages(
  { docker, engine }: DockerEngine,
  names: readonly string[],
  pulled: ReadonlyMap<string, string>,
): Promise<readonly SeenImage[]> {
  const containers = await engine(() => docker.listContainers({ all: true }))
  const used = new Set(containers.map(({ ImageID }) => ImageID))
  const seen = await Promise.all(
    names.map(async (name) => {
      const info = await unlessGone(() => engine(() => docker.getImage(name).inspect()))
      if (info === undefined) return undefined
      const isElsewhere = pulled.get(name) === info.Id || isFromRegistry(info)
      return { name, bytes: info.Size, isUsed: used.has(info.Id), isElsewhere }
    }),
  )
  return seen.filter((each) => each !== undefined)
}

/**
 * Whether the image is known to be in a registry. Usually only pulled or pushed images have a manifest digest. With the
 * containerd image store all images have one, and their ids are these digests, even for images that were built here and
 * exist nowhere else.
 */
const isFromRegistry = ({ Id, RepoDigests, Identity }: Inspected): boolean =>
  (Identity?.Pull ?? []).length > 0 || (RepoDigests ?? []).some((each) => !each.endsWith(`@${Id}`))
