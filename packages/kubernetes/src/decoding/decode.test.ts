import assert from 'node:assert/strict'
import test from 'node:test'
import { deployments } from '../kinds/apps/deployments.ts'
import { decode, type FieldValidation } from './decode.ts'

const read = (text: string, fieldValidation?: FieldValidation) =>
  decode(deployments, deployments, { text, ...(fieldValidation ? { fieldValidation } : {}) })

const refused = (text: string, problem: string) =>
  assert.throws(() => read(text, 'Strict'), {
    code: 400,
    message: `Deployment in version "v1" cannot be handled as a Deployment: ${problem}`,
  })

test('unknown and repeated fields are refused, warned of or passed over, and never kept', () => {
  const text = '{"metadata":{"name":"x"},"spec":{"paused":false,"paused":true,"foo":1}}'
  refused(text, 'strict decoding error: unknown field "spec.foo", duplicate field "spec.paused"')
  const { object, warnings } = read(text)
  assert.deepEqual(warnings, ['unknown field "spec.foo"', 'duplicate field "spec.paused"'])
  assert.deepEqual(object.spec, { paused: true })
  assert.deepEqual(read(text, 'Ignore').warnings, [])
})

test('the path of an unknown field says which element of a list', () => {
  const containers = '[{"name":"a"},{"name":"b","ports":[{"port":1}]}]'
  refused(
    `{"spec":{"template":{"spec":{"containers":${containers}}}}}`,
    'strict decoding error: unknown field "spec.template.spec.containers[1].ports[0].port"',
  )
})

test('a value of another type is refused as by a typed decoder', () => {
  const field = 'json: cannot unmarshal string into Go struct field'
  refused('{"spec":{"replicas":"1"}}', `${field} DeploymentSpec.spec.replicas of type int32`)
  refused(
    '{"spec":{"replicas":1.5}}',
    'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
  )
  refused(
    '{"metadata":{"labels":{"a":true}}}',
    'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
  )
  refused('{"spec":"x"}', `${field} Deployment.spec of type v1.DeploymentSpec`)
  refused('[]', 'json: an object was expected')
})

test('what is no JSON, or another kind or version, is refused with 400', () => {
  assert.throws(() => read('{'), { code: 400, message: /json parse error/ })
  assert.throws(() => read('{"apiVersion":"v1"}'), {
    message: 'the API version in the data (v1) does not match the expected API version (apps/v1)',
  })
  assert.throws(() => read('{"kind":"Pod"}'), { code: 400 })
})

test('an object nested beyond all reason is refused, not walked', () => {
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
  assert.throws(() => read(`{"metadata":{"managedFields":[{"fieldsV1":${deep}}]}}`), { code: 400 })
})

test('nulls are left out, quantities become canonical, kind and version are filled in', () => {
  const resources = '{"limits":{"cpu":0.5,"memory":"1024Mi"}}'
  const { object } = read(
    `{"metadata":{"name":"x","creationTimestamp":null},"spec":{"template":{"spec":{"containers":[{"name":"a","resources":${resources}}]}}}}`,
    'Strict',
  )
  assert.deepEqual(object, {
    metadata: { name: 'x' },
    spec: {
      template: {
        spec: {
          containers: [{ name: 'a', resources: { limits: { cpu: '500m', memory: '1Gi' } } }],
        },
      },
    },
    apiVersion: 'apps/v1',
    kind: 'Deployment',
  })
})
