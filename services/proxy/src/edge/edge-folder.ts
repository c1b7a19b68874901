import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { askSocket } from '@reckon/process'
import { bootstrap, type EdgeFiles, httpListener, httpsListener, printYaml } from '@reckon/routing'

/** Writes the files that Envoy is started with; unchanged ones are not written again. */
export async function writeEdgeFiles(
  files: EdgeFiles,
  options: { node: string; httpPort: number; tlsPort?: number | undefined },
): Promise<void> {
  await mkdir(files.listenersFolder, { recursive: true })
  const { node, httpPort, tlsPort } = options
  const { accessLog } = files
  const listeners = [
    httpListener({ port: httpPort, accessLog }),
    ...(tlsPort === undefined ? [] : [httpsListener({ port: tlsPort, accessLog })]),
  ]
  // Written beside the folder that Envoy watches, because it would read an unfinished file.
  const part = `${files.bootstrap}.part`
  await writeAtomically(files.listeners, part, printYaml({ resources: listeners }))
  await writeAtomically(files.bootstrap, part, printYaml(bootstrap(node, files)))
}

/** Envoy reacts to files that are moved into place, and must never read half of one. */
async function writeAtomically(path: string, part: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined)
  if (before === text) return
  await writeFile(part, text)
  await rename(part, path)
}

/** The version of the Envoy that runs with this folder; undefined where none answers. */
export async function runningEnvoyVersion(files: EdgeFiles): Promise<string | undefined> {
  const told = await askSocket(files.adminSocket, '/server_info')
  return told === undefined ? undefined : JSON.parse(told).version
}

/** Whether an Envoy runs with this folder: its admin socket answers. */
export function isEnvoyRunning(files: EdgeFiles): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(files.adminSocket)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
