/** How the page hears of changes. */
export type Connection = 'connecting' | 'live' | 'asking' | 'lost'

/** Who is told. */
export interface Listener {
  readonly onNews: () => void
  readonly onConnection: (connection: Connection) => void
}

const ASK_MS = 1_000
const EVENTS = ['build', 'publish', 'channel', 'diagnostics', 'reset'] as const

/** Listens to the server's events; where there are none, asks whether something has changed, again and again. */
export function listen({ onNews, onConnection }: Listener): void {
  const source = new EventSource('/events')
  source.addEventListener('open', () => {
    onConnection('live')
    // Whatever happened while nobody listened.
    onNews()
  })
  for (const name of EVENTS) source.addEventListener(name, onNews)
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return onConnection('lost')
    onConnection('asking')
    setInterval(onNews, ASK_MS)
  })
}
