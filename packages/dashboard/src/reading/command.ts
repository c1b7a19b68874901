import type { Reading } from './read.ts'

/** A command in a container, whose input and output are a terminal's. */
export type Command = {
  send(text: string): void
  resize(columns: number, rows: number): void
  end(): void
}

type CommandListener = {
  begun(): void
  /** What the command says. */
  said(text: string): void
  /** Why it is over. */
  ended(message: string): void
}

/** Channels of `v5.channel.k8s.io`, the first byte of each message. */
const channels = { stdin: 0, status: 3, resize: 4 }

/** Runs what an address of the API's `exec` names. */
export function openCommand(
  reading: Reading,
  path: string,
  { begun, said, ended }: CommandListener,
): Command {
  const socket = reading.socket(path, 'v5.channel.k8s.io')
  socket.binaryType = 'arraybuffer'
  const decoder = new TextDecoder()
  let status = ''
  socket.onopen = begun
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
    const [channel] = new Uint8Array(data)
    const body = new Uint8Array(data, 1)
    if (channel === channels.status) status = messageIn(new TextDecoder().decode(body))
    else said(decoder.decode(body, { stream: true }))
  }
  socket.onclose = () => ended(status)
  const send = (channel: number, text: string) => {
    if (socket.readyState !== WebSocket.OPEN) return
    socket.send(new Uint8Array([channel, ...new TextEncoder().encode(text)]))
  }
  return {
    send: (text) => send(channels.stdin, text),
    resize: (columns, rows) =>
      send(channels.resize, JSON.stringify({ Width: columns, Height: rows })),
    end: () => {
      socket.onclose = null
      socket.close()
    },
  }
}

/** A Status says how the command ended. */
function messageIn(text: string): string {
  const { message = '' }: { message?: string } = JSON.parse(text)
  return message
}
