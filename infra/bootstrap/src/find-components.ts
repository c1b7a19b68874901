import { delimiter } from 'node:path'
import { type ComponentName, type Components, components } from './components.ts'
import { findKubectl } from './find-kubectls.ts'
import { findProgram, programsNamed } from './find-program.ts'
import { folders } from './folders.ts'

// Daemons often lie where a user's PATH does not look.
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin']

/** Finds each component: on the PATH given, where systems keep daemons, or where we installed it. */
export async function findComponents(path = process.env.PATH ?? ''): Promise<Components> {
  const searched = searchedIn(path)
  const found: Components = {}
  const names = (Object.keys(components) as ComponentName[]).filter((name) => name !== 'kubectl')
  await Promise.all([
    ...names.map(async (name) => {
      const { executable, versionArgs } = components[name]
      const program = await findProgram(executable, versionArgs, searched)
      if (program) found[name] = program
    }),
    findKubectl([path, folders.clients].join(delimiter)).then((kubectl) => {
      if (kubectl) found.kubectl = kubectl
    }),
  ])
  return found
}

/** As `findComponents`, but none is started to say its version: only where they lie is told. */
export async function locateComponents(path = process.env.PATH ?? ''): Promise<Components> {
  const found: Components = {}
  for (const name of Object.keys(components) as ComponentName[]) {
    for await (const program of programsNamed(components[name].executable, searchedIn(path))) {
      found[name] = { path: program, version: '' }
      break
    }
  }
  return found
}

const searchedIn = (path: string): string[] => [
  ...path.split(delimiter),
  ...systemFolders,
  ...folders.programs,
]
