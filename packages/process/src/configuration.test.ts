import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError, readConfiguration } from './configuration.ts'

const options = {
  'docker-host': { description: 'the engine', default: '/var/run/docker.sock' },
  'nats-password': { description: 'of the bus', secret: true },
  'without-dataplane': { description: 'no root here', default: false },
} as const

test('a flag wins over the environment, which wins over the default', () => {
  const env = { RECKON_NATS_PASSWORD: 's', RECKON_DOCKER_HOST: '/run/a.sock' }
  assert.equal(readConfiguration(options, [], env)['docker-host'], '/run/a.sock')
  const flagged = readConfiguration(options, ['--docker-host', '/run/b.sock'], env)
  assert.equal(flagged['docker-host'], '/run/b.sock')
  assert.equal(flagged['without-dataplane'], false)
})

test('a boolean is set by its flag or by "true"', () => {
  const env = { RECKON_NATS_PASSWORD: 's' }
  assert.ok(readConfiguration(options, ['--without-dataplane'], env)['without-dataplane'])
  const variable = { ...env, RECKON_WITHOUT_DATAPLANE: 'true' }
  assert.ok(readConfiguration(options, [], variable)['without-dataplane'])
})

test('what is missing is named with the ways to give it', () => {
  assert.throws(() => readConfiguration(options, [], {}), {
    constructor: ConfigurationError,
    message: 'RECKON_NATS_PASSWORD is missing: of the bus',
  })
})

test('a secret is refused on the command line', () => {
  assert.throws(() => readConfiguration(options, ['--nats-password', 's'], {}))
})
