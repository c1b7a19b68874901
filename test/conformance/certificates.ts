import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Creates a CA, a server certificate for 127.0.0.1 and an administrator's client certificate, as PEM files in a folder.
 */
export function makeCertificates(folder: string) {
  const path = (name: string) => join(folder, name)
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { stdio: 'pipe', cwd: folder })
  const key = (name: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    path(name),
  ]
  openssl(
    'req',
    '-x509',
    ...key('ca.key'),
    '-out',
    path('ca.crt'),
    '-subj',
    '/CN=test-ca',
    '-days',
    '1',
  )
  const issue = (name: string, subject: string, names: string[]) => {
    openssl(
      'req',
      '-x509',
      ...key(`${name}.key`),
      '-out',
      path(`${name}.crt`),
      '-subj',
      subject,
      '-days',
      '1',
      '-CA',
      path('ca.crt'),
      '-CAkey',
      path('ca.key'),
      '-addext',
      'basicConstraints=CA:FALSE',
      ...names,
    )
  }
  issue('server', '/CN=api', ['-addext', 'subjectAltName=IP:127.0.0.1'])
  issue('admin', '/O=system:masters/CN=ada', [])
  const read = (name: string) => readFileSync(path(name))
  return {
    ca: path('ca.crt'),
    tls: { cert: read('server.crt'), key: read('server.key'), ca: read('ca.crt') },
    admin: { cert: path('admin.crt'), key: path('admin.key') },
  }
}
