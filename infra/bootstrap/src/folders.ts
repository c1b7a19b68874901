import { join } from 'node:path'

const own = join(import.meta.dirname, '../../../.reckon')

/** The project's own folder, where what the system need not have is installed. Git ignores it. */
export const folders = {
  /** Packages unpacked without installing them, one folder each. */
  unpacked: (packageName: string) => join(own, 'packages', packageName),
  /** A Python environment that holds Envoy alone. */
  envoy: join(own, 'envoy'),
  /** kubectl and Helm in several versions: `kubectl.1.33`, `helm.4.1`. */
  clients: join(own, 'clients'),
  /** Where programs that we installed may lie. */
  programs: [
    join(own, 'envoy/bin'),
    join(own, 'packages/nats-server/usr/sbin'),
    join(own, 'packages/nats-server/usr/bin'),
    join(own, 'packages/docker-registry/usr/bin'),
  ],
  logs: join(own, 'logs'),
  /** Where Node keeps our sources as it compiled them, so that processes start sooner. */
  compileCache: join(own, 'compile-cache'),
}
