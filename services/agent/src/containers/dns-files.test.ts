import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { hostsFile, resolvConf } from './dns-files.ts'

const dns = { clusterDns: '169.254.20.10', domain: 'cluster.local' }

test("a pod asks the cluster's names first", () => {
  assert.equal(
    resolvConf(pod({}), dns, ''),
    'nameserver 169.254.20.10\nsearch shop.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n',
  )
})

test("after the cluster's names those of the machine's own domains are looked for", () => {
  const ofMachine =
    'nameserver 192.0.2.53\nsearch old.example\nsearch corp.example. svc.cluster.local\n'
  const dnsConfig = { nameservers: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] }
  assert.equal(
    resolvConf(pod({ dnsConfig }), dns, ofMachine),
    `nameserver 169.254.20.10
nameserver 192.0.2.1
nameserver 192.0.2.2
search shop.svc.cluster.local svc.cluster.local cluster.local corp.example
options ndots:5
`,
  )
})

test("a pod may ask the machine's names, or only its own", () => {
  assert.equal(resolvConf(pod({ dnsPolicy: 'Default' }), dns, ''), undefined)
  assert.equal(resolvConf(pod({ hostNetwork: true }), dns, ''), undefined)
  const dnsConfig = {
    nameservers: ['192.0.2.9'],
    searches: ['example'],
    options: [{ name: 'rotate' }, { name: 'timeout', value: '2' }],
  }
  assert.equal(
    resolvConf(pod({ dnsPolicy: 'None', dnsConfig }), dns, 'search corp.example\n'),
    'nameserver 192.0.2.9\nsearch example\noptions rotate timeout:2\n',
  )
})

test('the hosts file names the pod and its aliases', () => {
  const text = hostsFile(
    pod({ subdomain: 'peers', hostAliases: [{ ip: '192.0.2.7', hostnames: ['db', 'db2'] }] }),
    '10.244.1.2',
    dns.domain,
  )
  assert.match(text, /^10\.244\.1\.2\tweb\.peers\.shop\.svc\.cluster\.local\tweb$/m)
  assert.match(text, /^192\.0\.2\.7\tdb\tdb2$/m)
})

test('a pod finds itself by the name that its containers have, however long its own is', () => {
  const metadata = { name: `${'w'.repeat(62)}-5d8f6c7b9d-x2x4z`, namespace: 'shop' }
  const text = hostsFile({ ...pod({}), metadata }, '10.244.1.2', dns.domain)
  assert.match(text, /^10\.244\.1\.2\tw{62}$/m)
})

const pod = (spec: Partial<Pod['spec']>): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [], ...spec },
})
