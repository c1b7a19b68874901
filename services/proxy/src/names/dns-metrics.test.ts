import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from '@reckon/process'
import { measureNames } from './dns-metrics.ts'

test('answers are counted by what they say, under CoreDNS’ names', async () => {
  const metrics = createMetrics()
  const answered = measureNames(metrics)
  answered({ transport: 'udp', code: 0, seconds: 0.001 })
  answered({ transport: 'tcp', code: 3, seconds: 0.001 })
  const text = await metrics.metrics()
  assert.match(text, /^coredns_dns_requests_total\{proto="tcp"\} 1$/m)
  assert.match(text, /^coredns_dns_responses_total\{rcode="NXDOMAIN"\} 1$/m)
  assert.match(text, /^coredns_dns_request_duration_seconds_count 2$/m)
})
