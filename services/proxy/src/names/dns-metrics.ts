import { counterIn, histogramIn, type Metrics } from '@reckon/process'
import type { Transport } from './forward-query.ts'

/** An answered query; `code` is the answer's response code. */
export type AnsweredQuery = { transport: Transport; code: number; seconds: number }

/** As CoreDNS names them. */
const codes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

/** Measures the answers of the cluster's DNS under CoreDNS' names. Returns a function to call for each of them. */
export function measureNames(metrics: Metrics): (answered: AnsweredQuery) => void {
  const requests = counterIn(metrics, {
    name: 'coredns_dns_requests_total',
    help: 'Queries for names',
    labelNames: ['proto'],
  })
  const responses = counterIn(metrics, {
    name: 'coredns_dns_responses_total',
    help: 'Answers to queries for names, by what they say',
    labelNames: ['rcode'],
  })
  const seconds = histogramIn(metrics, {
    name: 'coredns_dns_request_duration_seconds',
    help: 'How long an answer took, names of the outside among them',
    buckets: [0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.032, 0.128, 0.512, 1, 2, 4],
  })
  return ({ transport, code, seconds: taken }) => {
    requests.inc({ proto: transport })
    responses.inc({ rcode: codes[code] ?? String(code) })
    seconds.observe(taken)
  }
}
