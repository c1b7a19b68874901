import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const keyOf = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** Makes an authority, a server's certificate for 127.0.0.1 and an administrator's, as PEM files in the folder. */
export async function makeCertificates(folder: string) {
  const file = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  const authority = ['-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=peer']
  await openssl('req', '-x509', ...keyOf, ...authority)
  const issue = async (name: string, subject: string, ...extensions: string[]) => {
    const request = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject]
    await openssl('req', ...keyOf, ...request, ...extensions)
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2']
    const files = ['-in', `${name}.csr`, '-out', `${name}.crt`, '-copy_extensions', 'copy']
    await openssl('x509', '-req', ...signed, ...files)
  }
  await issue('server', '/CN=kube-apiserver', '-addext', 'subjectAltName=IP:127.0.0.1')
  await issue('admin', '/O=system:masters/CN=bench')
  return {
    authority: { certificate: file('ca.crt'), key: file('ca.key') },
    server: { certificate: file('server.crt'), key: file('server.key') },
    admin: { certificate: file('admin.crt'), key: file('admin.key') },
  }
}
