import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ingress, type IngressClass, objectKey } from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import { ingressHosts } from './ingress-hosts.ts'
import { KeptIngressHosts } from './kept-ingress-hosts.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'f']
const hosts = ['x.test', 'y.test', 'Z.test', '*.test', '']

test('after any changes the rules are those of all Ingresses at once, by host', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed)
    const kept = new KeptIngressHosts()
    const present = new Map<string, Ingress>()
    let classes: IngressClass[] = []
    for (let step = 0; step < 30; step++) {
      const name = random.of(names)
      if (random.chance(0.1)) kept.classes = classes = random.chance(0.5) ? [another] : []
      else if (random.chance(0.3)) {
        present.delete(`default/${name}`)
        kept.remove(`default/${name}`)
      } else {
        const ingress = drawn(random, name, step)
        present.set(objectKey(ingress.metadata), ingress)
        kept.put(ingress)
      }
      if (random.chance(0.4)) continue
      const expected = ingressHosts([...present.values()], classes)
      assert.deepEqual([...kept.hosts()], [...expected], `seed ${seed}, step ${step}`)
    }
  }
})

test('what nothing concerned is the same object', () => {
  const random = new Random(1)
  const kept = new KeptIngressHosts()
  kept.put(named('a', { rules: [{ host: 'x.test', http: { paths: [path('/', random)] } }] }))
  kept.put(named('b', { rules: [{ host: 'y.test', http: { paths: [path('/', random)] } }] }))
  const before = kept.hosts()
  assert.equal(kept.hosts(), before)
  kept.put(named('c', { rules: [{ host: 'y.test', http: { paths: [path('/more', random)] } }] }))
  const now = kept.hosts()
  assert.equal(now.get('x.test'), before.get('x.test'))
  assert.equal(now.get('y.test')?.paths.length, 2)
})

test('one that cannot be computed is tried again, and gone nothing is left of it', () => {
  const kept = new KeptIngressHosts()
  const good = named('a', {
    rules: [{ host: 'x.test', http: { paths: [path('/', new Random(1))] } }],
  })
  kept.put(good)
  kept.hosts()
  const broken = named('b', {
    rules: [{ host: 'y.test', http: { paths: [path('/', new Random(1))] } }],
  })
  Object.defineProperty(broken.spec.rules?.[0] ?? {}, 'http', { get: () => assert.fail('a bug') })
  kept.put(broken)
  assert.throws(() => kept.hosts(), /a bug/)
  assert.throws(() => kept.hosts(), /a bug/)
  kept.remove('default/b')
  assert.deepEqual([...kept.hosts()], [...ingressHosts([good], [])])
})

const another: IngressClass = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'other' },
  spec: { controller: 'example.com/other' },
}

const named = (name: string, spec: Ingress['spec'], created = 0): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: {
    name,
    namespace: 'default',
    creationTimestamp: new Date(created * 1_000).toISOString(),
    resourceVersion: '7',
  },
  spec,
})

const path = (text: string, random: Random) => ({
  path: text,
  pathType: 'Prefix',
  backend: { service: { name: random.of(names), port: { number: 80 } } },
})

function drawn(random: Random, name: string, step: number): Ingress {
  const rules = Array.from({ length: random.below(3) }, () => {
    const host = random.of(hosts)
    const paths = Array.from({ length: random.below(3) }, () =>
      path(random.of(['/', '/a', '/b']), random),
    )
    return { ...(host !== '' && { host }), http: { paths } }
  })
  const { backend: defaultBackend } = path('/', random)
  const spec = {
    rules,
    ...(random.chance(0.15) && { defaultBackend }),
    ...(random.chance(0.3) && { ingressClassName: 'other' }),
  }
  return named(name, spec, random.below(step + 1))
}
