import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { collect, temporaryDir } from './open-test-store.ts'
import { openEventStoreServer } from './server.ts'

const credentials = { username: 'reckon', password: 'sécret:1' }

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

async function openSecure(context: TestContext) {
  const { certFile, ...tls } = makeCertificate(context)
  const options = { dataDir: ':memory:', host: '127.0.0.1', port: 0, tls, credentials }
  const server = await openEventStoreServer(options)
  context.after(() => server.close())
  const connect = (login: string) => {
    const url = `${server.url.replace('//', `//${login}`)}&tlsCAFile=${certFile}`
    const client = EventStoreDBClient.connectionString(url)
    context.after(() => client.dispose())
    return client
  }
  return { server, connect, ca: tls.certPem }
}

const login = `${credentials.username}:${encodeURIComponent(credentials.password)}@`

test('over TLS every call needs the credentials', async (context) => {
  const { connect } = await openSecure(context)
  const event = jsonEvent({ type: 'Noted', data: {} })
  const known = connect(login)
  await known.appendToStream('s', event)
  assert.equal((await collect(known.readStream('s'))).length, 1)
  const denied = { type: 'access-denied' }
  for (const stranger of [connect(''), connect('reckon:guess@')]) {
    await assert.rejects(collect(stranger.readStream('s')), denied)
    await assert.rejects(collect(stranger.readAll()), denied)
    await assert.rejects(stranger.appendToStream('s', event), denied)
    await assert.rejects(stranger.deleteStream('s'), denied)
    await assert.rejects(stranger.tombstoneStream('s'), denied)
  }
  assert.equal((await collect(known.readStream('s'))).length, 1)
})

test('health is told over TLS on the same port, without credentials', async (context) => {
  const { server, ca } = await openSecure(context)
  const status = await new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${server.port}/health/live`
    get(url, { ca, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject)
  })
  assert.equal(status, 204)
})

test('credentials without TLS are refused: no client would send them', async () => {
  const options = { dataDir: ':memory:', host: '127.0.0.1', port: 0, credentials }
  await assert.rejects(openEventStoreServer(options), /credentials need TLS/)
})
