import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { EventStoreDBClient } from '@eventstore/db-client'
import { type EventStoreServerOptions, openEventStoreServer } from '../serving/server.ts'

/** A data directory that is gone after the test. */
export function temporaryDir(context: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'event-store-'))
  context.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A store in memory (unless told otherwise) and the unmodified client; both end with the test. */
export async function openTestStore(
  context: TestContext,
  options: Partial<EventStoreServerOptions> = {},
) {
  const server = await openEventStoreServer({
    dataDir: ':memory:',
    host: '127.0.0.1',
    port: 0,
    ...options,
  })
  const client = EventStoreDBClient.connectionString(server.url)
  context.after(async () => {
    await client.dispose()
    await server.close()
  })
  return { server, client }
}

const credentials = { username: 'reckon', password: 'sécret:1' }
const login = `${credentials.username}:${encodeURIComponent(credentials.password)}@`

/** The same over TLS, with a login; `connect` opens further clients, also with another or none. */
export async function openSecureStore(
  context: TestContext,
  options: Partial<EventStoreServerOptions> = {},
) {
  const { certFile, ...tls } = makeCertificate(context)
  const defaults = { dataDir: ':memory:', host: '127.0.0.1', port: 0, tls, credentials }
  const server = await openEventStoreServer({ ...defaults, ...options })
  context.after(() => server.close())
  const connect = (as = login) => {
    const url = `${server.url.replace('//', `//${as}`)}&tlsCAFile=${certFile}`
    const client = EventStoreDBClient.connectionString(url)
    context.after(() => client.dispose())
    return client
  }
  return { server, client: connect(), connect, ca: tls.certPem, credentials }
}

function makeCertificate(context: TestContext) {
  const dir = temporaryDir(context)
  const certFile = join(dir, 'tls.crt')
  const keyFile = join(dir, 'tls.key')
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const files = ['-keyout', keyFile, '-out', certFile, '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...key, ...files, ...subject], { stdio: 'pipe' })
  return {
    certFile,
    certPem: readFileSync(certFile, 'utf8'),
    keyPem: readFileSync(keyFile, 'utf8'),
  }
}

/** All of an async iterable, in order. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}
