import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyPair } from '@reckon/routing'

/** A certificate that signs itself, for these names, and its key. */
export function makeKeyPair(...names: readonly string[]): KeyPair {
  const folder = mkdtempSync(join(tmpdir(), 'pair-'))
  const [key, crt] = [join(folder, 'tls.key'), join(folder, 'tls.crt')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const subject = ['-subj', `/CN=${names[0]}`, '-days', '1']
  const extension = `subjectAltName=${names.map((name) => `DNS:${name}`).join()}`
  execFileSync(
    'openssl',
    ['req', '-x509', ...curve, '-keyout', key, '-out', crt, ...subject, '-addext', extension],
    { stdio: 'pipe' },
  )
  const pair = { certificates: readFileSync(crt, 'utf8'), key: readFileSync(key, 'utf8') }
  rmSync(folder, { recursive: true })
  return pair
}
