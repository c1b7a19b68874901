import type { Bus, MalformedMessages } from '@reckon/eventing/bus'
import { isRefusal } from '@reckon/kubernetes'
import { understood } from './parse-node-message.ts'

const answerMsMax = 5_000

type Question<Reply> = {
  subject: string
  request: object
  parse(data: Uint8Array): Reply
}

/** Asks the apis something for a node; undefined while none answers, or where the answer is invalid. */
export async function askApi<Reply>(
  { bus, malformed }: { bus: Bus; malformed: MalformedMessages },
  { subject, request, parse }: Question<Reply>,
): Promise<Reply | undefined> {
  const asked = new TextEncoder().encode(JSON.stringify(request))
  try {
    const { data } = await bus.request(subject, asked, { timeoutMs: answerMsMax })
    return understood(malformed, { subject, data }, parse)
  } catch (error) {
    if (isRefusal(error, 'ServiceUnavailable') || isRefusal(error, 'Timeout')) return undefined
    throw error
  }
}
