import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchPackages, filesOf, hasDebianTools } from './debian-packages.ts'
import { dockerArchive } from './docker-archive.ts'
import { layerOf } from './layer.ts'
import type { Architecture } from './pause-elf.ts'
import { type Recipe, recipes } from './recipe.ts'

/** Says in one line what begins now. */
export type ReportLine = (line: string) => void

/** An image built here, and the archive that `docker load` reads. */
export type BuiltImage = { name: string; archive: string }

/**
 * Builds the images that the examples name into `outDir`, from Debian's packages (kept in `cacheDir`), without a
 * registry or an engine. What is there already and still true is not built again. Elsewhere than on Debian and its
 * kin only the pause image can be built: the other names exist on Docker Hub, all but the Flask app's.
 */
export async function buildImages(
  outDir: string,
  report: ReportLine,
  cacheDir = join(outDir, 'packages'),
): Promise<BuiltImage[]> {
  await mkdir(outDir, { recursive: true })
  const architecture = architectureOf(process.arch)
  const onDebian = await hasDebianTools()
  const buildable = recipes.filter((recipe) => onDebian || !needsPackages(recipe))
  const others = recipes.filter((recipe) => !buildable.includes(recipe))
  if (others.length > 0)
    report(`Not on Debian: ${others.map(({ name }) => name).join(', ')} must come from a registry`)

  const sources = await sourcesDigest()
  const built: BuiltImage[] = []
  const layers = new Map<string, Promise<Buffer>>()
  for (const recipe of buildable) {
    const key = createHash('sha256')
      .update(`${sources} ${architecture} ${recipe.name}`)
      .digest('hex')
    const plainName = recipe.name.replace(/[^a-z0-9.]+/g, '-')
    const archive = join(outDir, `${plainName}.${key.slice(0, 12)}.tar`)
    built.push({ name: recipe.name, archive })
    const present = await readdir(outDir)
    if (present.includes(`${plainName}.${key.slice(0, 12)}.tar`)) continue

    report(`Building ${recipe.name}`)
    const bytes = await dockerArchive({
      name: recipe.name,
      architecture,
      config: recipe.config,
      layers: await Promise.all(
        lineage(recipe).map((ancestor) => {
          const layer = layers.get(ancestor.name) ?? buildLayer(ancestor, architecture, cacheDir)
          layers.set(ancestor.name, layer)
          return layer
        }),
      ),
    })
    // Written aside first: an archive of this name is always a whole one.
    const aside = `${archive}.${process.pid}`
    await writeFile(aside, bytes)
    await rename(aside, archive)
    const older = present.filter((one) => isArchiveOf(plainName, one))
    await Promise.all(older.map((one) => rm(join(outDir, one), { force: true })))
  }
  return built
}

/** A name may begin with another's: `nginx-1.15.8-alpine` is no archive of `nginx-1.15`. */
function isArchiveOf(plainName: string, file: string): boolean {
  return (
    file.startsWith(`${plainName}.`) && /^[0-9a-f]{12}\.tar$/.test(file.slice(plainName.length + 1))
  )
}

async function buildLayer(
  recipe: Recipe,
  architecture: Architecture,
  cacheDir: string,
): Promise<Buffer> {
  const packages = recipe.packages ? await fetchPackages(recipe.packages, cacheDir) : []
  const files = await Promise.all(packages.map((one) => filesOf(one, cacheDir)))
  return await layerOf(recipe, architecture, files.flat())
}

/** The recipe and all it is built on, lowest first. */
function lineage(recipe: Recipe): Recipe[] {
  const below = recipes.find(({ name }) => name === recipe.from)
  return below ? [...lineage(below), recipe] : [recipe]
}

function needsPackages(recipe: Recipe): boolean {
  return lineage(recipe).some(({ packages }) => packages !== undefined)
}

/** A digest of everything here that an image is made from: when it changes, images are built anew. */
async function sourcesDigest(): Promise<string> {
  const dir = import.meta.dirname
  const own = (await readdir(join(dir, 'files'))).map((file) => join('files', file))
  const code = (await readdir(dir)).filter((file) => /(?<!\.test)\.ts$/.test(file))
  const hash = createHash('sha256')
  for (const file of [...own, ...code].sort())
    hash
      .update(file)
      .update('\0')
      .update(await readFile(join(dir, file)))
  return hash.digest('hex')
}

function architectureOf(nodeArch: string): Architecture {
  if (nodeArch === 'x64') return 'amd64'
  if (nodeArch === 'arm64') return 'arm64'
  throw new Error(`images can be built for x64 and arm64, not for ${nodeArch}`)
}
