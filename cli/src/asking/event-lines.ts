import { setTimeout as after } from 'node:timers/promises'
import { type ApiClient, ApiNotReady, ApiRefusal } from './api-client.ts'

const awayMs = 500

type Events = Pick<ApiClient, 'lines'>

/** The events that a query selects, each as a line of the API's answer. */
export async function* eventLines(api: Events, query: URLSearchParams): AsyncIterable<string> {
  for await (const line of api.lines(`/apis/history.reckon.dev/v1/events?${query}`)) {
    if (line !== '') yield line
  }
}

/**
 * Continues after the last event when the API ends the answer, as it does after a while, or is away or not ready yet.
 */
export async function* followedEvents(api: Events, query: URLSearchParams): AsyncGenerator<string> {
  let isAway = false
  for (let hasAnswered = false; ; ) {
    try {
      for await (const line of eventLines(api, query)) {
        hasAnswered = true
        isAway = false
        const { position }: { position: string } = JSON.parse(line)
        query.delete('limit')
        query.set('since', position)
        yield line
      }
    } catch (error) {
      const isRefused = error instanceof ApiRefusal && !(error instanceof ApiNotReady)
      if (isRefused || !hasAnswered) throw error
      if (!isAway) console.error('the API is away; this goes on once it is back')
      isAway = true
    }
    hasAnswered = true
    await after(awayMs)
  }
}
