import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sandboxOptions } from '../containers/container-options.ts'
import { commandsOf, PodLinks } from './pod-links.ts'

const spec = {
  pod: { uid: 'u', namespace: 'default', name: 'web' },
  ...{ attempt: 0, image: 'pause', hostname: 'web', ip: '10.244.1.20', ports: [], sysctls: {} },
  ...{ hostPID: false, hostIPC: false },
}
const owner = { cluster: 'c', node: 'n' }

test('a link gets its name once all else of it is done, on the machine', () => {
  const address = { ip: '10.244.1.20', gateway: '10.244.0.1', prefix: '16' }
  const link = { name: 'veth0af40114', ...address, sysctls: {} }
  const { inside, outside } = commandsOf(link, 'c0ffee0123456789')
  assert.deepEqual(inside, [
    `link add eth0 txqueuelen 0 address 02:42:0a:f4:01:14 type veth peer name vethnc0ffee0123 txqueuelen 0 netns ${process.pid}`,
    'address add 10.244.1.20/16 broadcast + dev eth0',
    'link set eth0 up',
    'route add default via 10.244.0.1',
  ])
  assert.deepEqual(outside, [
    'link set vethnc0ffee0123 master reckon0',
    'link set vethnc0ffee0123 name veth0af40114 up',
  ])
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': '1' }
  assert.deepEqual(commandsOf({ ...link, sysctls }, 'c0ffee0123456789').outside, [
    'link set vethnc0ffee0123 addrgenmode none',
    ...outside,
  ])
})

test('where nobody has looked whether the bridge is in reach, links are the engine’s to make', () => {
  assert.equal(new PodLinks().linkFor(spec), undefined)
})

test('the engine makes no network where the agent makes the link, else that of the pods or none', () => {
  const link = { name: 'veth0af40114', sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1' } }
  const linked = sandboxOptions(spec, owner, link)
  assert.equal(linked.NetworkDisabled, true)
  assert.deepEqual(
    [linked.HostConfig?.NetworkMode, linked.NetworkingConfig, linked.HostConfig?.Sysctls],
    [undefined, undefined, link.sysctls],
  )
  assert.equal(linked.Labels?.['reckon.pod.link'], 'veth0af40114')
  const joined = sandboxOptions(spec, owner)
  assert.deepEqual([joined.NetworkDisabled, joined.HostConfig?.NetworkMode], [false, 'reckon-pods'])
  const { ip, ...rest } = spec
  assert.equal(sandboxOptions(rest, owner).HostConfig?.NetworkMode, 'host')
})
