import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { until } from './cluster.ts'

const port = 2049
const server = ['/usr/bin/ganesha.nfsd', '/usr/sbin/ganesha.nfsd'].find((path) => existsSync(path))
/** Its file system exists once the module is loaded: `modprobe nfs`. */
const hasClient = /^nodev\tnfs4$/m.test(readFileSync('/proc/filesystems', 'utf8'))

/** Why pods cannot have NFS volumes here; undefined where they can. */
export const withoutNfs: string | undefined = !hasClient
  ? 'this kernel has no NFS client'
  : server === undefined
    ? 'there is no NFS server here: apt-get install nfs-ganesha nfs-ganesha-vfs'
    : undefined

/** Serves `<folder>/shared` as `/shared`, with NFS 4 only, on every address of this network namespace. */
export async function openNfsServer(folder: string) {
  if (server === undefined) throw new Error(withoutNfs)
  const [shared, config] = [join(folder, 'shared'), join(folder, 'ganesha.conf')]
  await mkdir(shared, { recursive: true })
  await writeFile(
    config,
    `NFS_CORE_PARAM { Protocols = 4; NFS_Port = ${port}; Enable_NLM = false; Enable_RQUOTA = false; }
NFSV4 { Graceless = true; RecoveryRoot = "${folder}/recovery"; }
EXPORT { Export_Id = 1; Path = "${shared}"; Pseudo = "/shared"; Access_Type = RW; Squash = No_Root_Squash; SecType = sys; FSAL { Name = VFS; } }
`,
  )
  const logged = ['-L', join(folder, 'ganesha.log'), '-p', join(folder, 'ganesha.pid')]
  const child = spawn(server, ['-F', '-f', config, ...logged], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await until('the NFS server listens', () => listens())
  const close = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { shared, close }
}

async function listens(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
