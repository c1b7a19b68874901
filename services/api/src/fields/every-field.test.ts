import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { schemas } from '@reckon/kubernetes'
import { inDefault, startedApi } from '../api.fixture.ts'
import { alternatives, type FieldLists, isAt } from './field-lists.fixture.ts'
import { ingressSpec, serviceSpec } from './networking.fixture.ts'
import { otherParts } from './other-parts.fixture.ts'
import { podSpec } from './pod-spec.fixture.ts'
import { type Leaf, leavesOf, sampleOf, withLeaf } from './schema-leaves.fixture.ts'
import {
  cronJobSpec,
  daemonSetSpec,
  deploymentSpec,
  jobSpec,
  replicaSetSpec,
  replicationControllerSpec,
  statefulSetSpec,
} from './workloads.fixture.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** A part of a kind: its schema, its lists, and where an object with it is sent. */
type Part = {
  name: string
  schema: string
  lists: FieldLists
  url: string
  /** Where the part stands in the object; empty where it is the object. */
  at: string
  /** An object that is taken, for a field to be added to. */
  base: object
  /** What other parts have. */
  except?: readonly string[]
}

const container = { name: 'c', image: 'i:1' }
const metadata = { name: 'x' }
const labels = { app: 'x' }
const template = { metadata: { labels }, spec: { containers: [container] } }
const selector = { matchLabels: labels }
const once = { spec: { ...template.spec, restartPolicy: 'Never' } }
const apps = '/apis/apps/v1/namespaces/default'
const batch = '/apis/batch/v1/namespaces/default'
const specOf = (url: string, spec: object) => ({ url, at: 'spec', base: { metadata, spec } })

const parts: readonly Part[] = [
  {
    ...{ name: 'the spec of a Pod', schema: 'io.k8s.api.core.v1.PodSpec', lists: podSpec },
    ...specOf(inDefault('pods'), { containers: [container] }),
  },
  {
    ...{ name: 'a Deployment', schema: 'io.k8s.api.apps.v1.DeploymentSpec', lists: deploymentSpec },
    ...specOf(inDefault('deployments'), { selector, template }),
    except: ['template'],
  },
  {
    ...{ name: 'a ReplicaSet', schema: 'io.k8s.api.apps.v1.ReplicaSetSpec', lists: replicaSetSpec },
    ...specOf(inDefault('replicasets'), { selector, template }),
    except: ['template'],
  },
  {
    name: 'a ReplicationController',
    schema: 'io.k8s.api.core.v1.ReplicationControllerSpec',
    lists: replicationControllerSpec,
    ...specOf(inDefault('replicationcontrollers'), { template }),
    except: ['template'],
  },
  {
    name: 'a StatefulSet',
    schema: 'io.k8s.api.apps.v1.StatefulSetSpec',
    lists: statefulSetSpec,
    ...specOf(`${apps}/statefulsets`, { selector, template, serviceName: 's' }),
    except: ['template'],
  },
  {
    ...{ name: 'a DaemonSet', schema: 'io.k8s.api.apps.v1.DaemonSetSpec', lists: daemonSetSpec },
    ...specOf(`${apps}/daemonsets`, { selector, template }),
    except: ['template'],
  },
  {
    ...{ name: 'a Job', schema: 'io.k8s.api.batch.v1.JobSpec', lists: jobSpec },
    ...specOf(`${batch}/jobs`, { template: once }),
    except: ['template'],
  },
  {
    ...{ name: 'a CronJob', schema: 'io.k8s.api.batch.v1.CronJobSpec', lists: cronJobSpec },
    ...specOf(`${batch}/cronjobs`, {
      schedule: '* * * * *',
      jobTemplate: { spec: { template: once } },
    }),
    except: ['jobTemplate.spec'],
  },
  {
    ...{ name: 'a Service', schema: 'io.k8s.api.core.v1.ServiceSpec', lists: serviceSpec },
    ...specOf(inDefault('services'), { type: 'LoadBalancer', ports: [{ port: 80 }] }),
  },
  {
    ...{ name: 'an Ingress', schema: 'io.k8s.api.networking.v1.IngressSpec', lists: ingressSpec },
    ...specOf('/apis/networking.k8s.io/v1/namespaces/default/ingresses', {
      rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: {} }] } }],
    }),
  },
  ...otherParts,
]

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

/** In which lists a leaf is, by the paths that name it. */
const placesOf = ({ path }: Leaf, { actedOn, kept, warned, refused, denied = {} }: FieldLists) =>
  Object.entries({
    'acted on': Object.values(actedOn).flat(),
    kept: Object.keys(kept),
    warned,
    refused: [...refused, ...Object.keys(denied)],
  }).filter(([, patterns]) => patterns.flatMap(alternatives).some((each) => isAt(path, each)))

for (const { name, schema, lists, url, at, base, except = [] } of parts) {
  const leaves = leavesOf(schemas[schema] ?? {}).filter(
    ({ path }) => !except.some((part) => isAt(path, part)),
  )
  const leavesIn = (patterns: readonly string[]) =>
    leaves.filter(({ path }) => patterns.flatMap(alternatives).some((each) => isAt(path, each)))
  /** What the api says of the object with a leaf of this part. */
  const asked = (leaf: Leaf, value: unknown) => {
    const path = [at, leaf.path].filter((each) => each !== '').join('.')
    return api.ask('POST', `${url}?dryRun=All`, { body: withLeaf(base, path, value) })
  }

  test(`every field of ${name} is in exactly one list`, () => {
    assert.ok(leaves.length > 0)
    const wrong = leaves.flatMap((leaf) => {
      const places = placesOf(leaf, lists)
      return places.length === 1 ? [] : [`${leaf.path}: ${places.map(([list]) => list).join(', ')}`]
    })
    assert.deepEqual(wrong, [])
  })

  test(`the lists of ${name} name no field that is not there`, () => {
    const { actedOn, kept, warned, refused } = lists
    const patterns = [Object.values(actedOn), Object.keys(kept), warned, refused].flat(2)
    const unknown = patterns
      .flatMap(alternatives)
      .filter((pattern) => !leaves.some(({ path }) => isAt(path, pattern)))
    assert.deepEqual(unknown, [])
  })

  test(`what is acted on of ${name} is named in the test that proves it`, () => {
    const unproved = Object.entries(lists.actedOn).flatMap(([file, patterns]) => {
      const path = join(root, file)
      if (!existsSync(path)) return [`${file} is not there`]
      const words = new Set(readFileSync(path, 'utf8').match(/\w+/g))
      return leavesIn(patterns)
        .filter(
          (leaf) =>
            !words.has(
              leaf.path
                .replaceAll(/\[\]|\.\*/g, '')
                .split('.')
                .at(-1) ?? '',
            ),
        )
        .map((leaf) => `${file} does not name ${leaf.path}`)
    })
    assert.deepEqual(unproved, [])
  })

  test(`what is to be refused of ${name} is refused by name`, async () => {
    for (const leaf of leavesIn(lists.refused)) {
      const answers = await Promise.all(valuesFor(leaf).map((value) => asked(leaf, value)))
      const causes = answers.flatMap(({ code, json }) =>
        code === 422 ? (json.details?.causes ?? []) : [],
      )
      const fields = causes.map(({ field = '' }) => fieldIn(at, field))
      const texts = answers.map(({ text }) => text).join('\n')
      assert.ok(
        fields.some((field) => isAt(leaf.path, field)),
        `${leaf.path}: ${texts}`,
      )
    }
  })

  test(`what is to be denied of ${name} is denied`, async () => {
    for (const [pattern, why] of Object.entries(lists.denied ?? {})) {
      for (const leaf of leavesIn([pattern])) {
        const { code, json } = await asked(leaf, sampleOf(leaf))
        assert.ok(code === 403 && json.message?.includes(why), `${leaf.path}: ${json.message}`)
      }
    }
  })

  test(`whoever writes what is only kept of ${name} is warned by its name`, async () => {
    for (const leaf of leavesIn(lists.warned)) {
      const answers = await Promise.all(valuesFor(leaf).map((value) => asked(leaf, value)))
      const warnings = answers.flatMap(({ headers }) => [headers.warning ?? []].flat().map(String))
      const named = warnings.map((text) => /^299 - "([^:]*):/.exec(text)?.[1] ?? '')
      const fields = named.map((field) => fieldIn(at, field))
      assert.ok(
        fields.some((field) => isAt(leaf.path, field)),
        `${leaf.path}: ${warnings}`,
      )
    }
  })
}

/** Values of which one at least asks for more than is done anyway. */
const valuesFor = (leaf: Leaf): readonly unknown[] =>
  leaf.type === 'boolean'
    ? [true, false]
    : leaf.options.length > 0
      ? leaf.options
      : [sampleOf(leaf)]

/** A field that a cause or a warning names, as a path within the part. */
const fieldIn = (at: string, field: string): string =>
  field.replaceAll(/\[\d+\]/g, '[]').slice(at === '' ? 0 : at.length + 1)
