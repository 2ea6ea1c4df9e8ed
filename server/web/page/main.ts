import type { ChannelsView } from '../../catalog/channel-views.ts'
import { addressOf, channelOf, readAddress } from './address.ts'
import { openFeed } from './feed.ts'
import { type Hand, hear } from './hand.ts'
import { type Connection, listen } from './live.ts'
import { morph } from './morph.ts'
import { putTexts } from './put-texts.ts'
import type { Scene } from './scene.ts'
import { openTrail } from './trail.ts'
import { frame } from './views/frame.ts'

/** How often ages are told anew. */
const MINUTE_MS = 30_000

const feed = openFeed(() => draw())
const hand: Hand = { chosen: -1, isTyping: false }
let connection: Connection = 'connecting'

function scene(): Scene {
  return {
    address: readAddress(location.hash),
    feed,
    connection,
    now: Date.now(),
    width: widthOf(),
    origin: location.origin,
    chosen: hand.chosen,
    isTyping: hand.isTyping,
    channels: feed.read<ChannelsView>('channels', '/catalog/channels'),
    shown: new Map(),
  }
}

let isDue = false
function draw(): void {
  if (isDue) return
  isDue = true
  // All that arrives at once is drawn at once.
  setTimeout(() => {
    isDue = false
    drawNow()
  })
}

const trail = openTrail()
function drawNow(): void {
  const root = document.getElementById('page')
  if (root === null) return
  const now = scene()
  morph(root, frame(now))
  putTexts(root, now.shown)
  document.title = titleOf()
  trail.settle()
}

function titleOf(): string {
  const title = document.querySelector('h1')?.textContent
  const channel = channelOf(readAddress(location.hash))
  return [title, channel !== title && channel, 'Context Mill'].filter(Boolean).join(' · ')
}

/** What the page's own spaces leave. */
function widthOf(): number {
  const main = document.getElementById('main')
  const width = main?.clientWidth ?? document.documentElement.clientWidth
  const style = main === null ? undefined : getComputedStyle(main)
  return (
    width - Number.parseFloat(style?.paddingLeft ?? '12') - Number.parseFloat(style?.paddingRight ?? '12')
  )
}

/** A page that was opened at a channel's own address begins there. */
function begin(): void {
  const [, channel] = /^\/channels\/([^/]+)\/$/.exec(location.pathname) ?? []
  if (channel === undefined || location.hash.length > 1) return
  history.replaceState(null, '', addressOf({ view: 'overview', channel: decodeURIComponent(channel) }))
}

begin()
hear({ hand, scene, draw, drawNow })
trail.follow(drawNow)
addEventListener('resize', draw)
setInterval(draw, MINUTE_MS)
listen({
  onNews: () => {
    feed.outdate()
    draw()
  },
  onConnection: (now) => {
    connection = now
    draw()
  },
})
draw()
