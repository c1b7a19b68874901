/** An event as a client proposes it; `id` is the sixteen bytes of its UUID. */
export interface ProposedEvent {
  readonly id: Buffer
  readonly type: string
  readonly contentType: string
  readonly metadata: Buffer
  readonly data: Buffer
}
