import { type Address, addressOf, readAddress } from './address.ts'
import { type Scene, stageOf } from './scene.ts'
import { hitsOf } from './views/search.ts'

/** What keyboard and pointer have come to, beside the address. */
export interface Hand {
  /** Hit that Enter opens; -1 for none. */
  chosen: number
  /** True while somebody types: what is typed so far is not looked for in texts. */
  isTyping: boolean
}

/** What hearing needs of the page. */
export interface Ears {
  readonly hand: Hand
  readonly scene: () => Scene
  readonly draw: () => void
  readonly drawNow: () => void
}

const PAUSE_MS = 150

/** Hears every key and every choice, wherever on the page it is made. */
export function hear(ears: Ears): void {
  document.addEventListener('keydown', (event) => onKey(event, ears))
  document.addEventListener('input', (event) => onInput(event, ears))
  document.addEventListener('change', onChoice)
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null
    if (button?.dataset.copy !== undefined) void copy(button, button.dataset.copy)
    if (button?.dataset.skip !== undefined) document.getElementById('main')?.focus()
  })
  document.addEventListener('submit', (event) => event.preventDefault())
}

function onKey(event: KeyboardEvent, ears: Ears): void {
  const target = event.target
  const isSearch = target instanceof HTMLInputElement && target.id === 'search'
  if (event.key === '/' && !isTyping(target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault()
    const field = document.getElementById('search')
    if (field instanceof HTMLInputElement) field.select()
    field?.focus()
  }
  if (isSearch) onSearchKey(event, target, ears)
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}

function onSearchKey(event: KeyboardEvent, field: HTMLInputElement, ears: Ears): void {
  if (event.isComposing) return
  const address = readAddress(location.hash)
  if (address.view !== 'search') return
  if (event.key === 'Escape') {
    event.preventDefault()
    field.blur()
    history.back()
    return
  }
  const stage = stageOf(ears.scene(), address.channel)
  const hits = stage === undefined ? [] : hitsOf(ears.scene(), stage, address.query)
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault()
    const step = event.key === 'ArrowDown' ? 1 : -1
    ears.hand.chosen = Math.min(hits.length - 1, Math.max(-1, ears.hand.chosen + step))
    ears.drawNow()
    document.getElementById(`hit-${ears.hand.chosen}`)?.scrollIntoView({ block: 'nearest' })
  }
  const hit = hits[Math.max(0, ears.hand.chosen)]
  if (event.key !== 'Enter' || hit === undefined) return
  event.preventDefault()
  field.blur()
  go(hit.to)
}

function onInput(event: Event, ears: Ears): void {
  const field = event.target
  if (!(field instanceof HTMLInputElement) || field.id !== 'search') return
  const channel = field.dataset.search ?? ''
  const address: Address = { view: 'search', channel, query: field.value }
  const isSearching = readAddress(location.hash).view === 'search'
  ears.hand.chosen = -1
  ears.hand.isTyping = true
  // One step back leaves the search, however much was typed.
  if (isSearching) history.replaceState(history.state, '', addressOf(address))
  else history.pushState(null, '', addressOf(address))
  ears.drawNow()
  const typed = field.value
  setTimeout(() => {
    if (field.value !== typed) return
    ears.hand.isTyping = false
    ears.draw()
  }, PAUSE_MS)
}

function onChoice({ target }: Event): void {
  if (!(target instanceof HTMLSelectElement)) return
  const address = readAddress(location.hash)
  const { compare: side, channel } = target.dataset
  if (side !== undefined && address.view === 'compare') go({ ...address, [side]: target.value })
  if (channel !== undefined) go(elsewhere(address, target.value))
}

/** The same view of another channel. */
function elsewhere(address: Address, channel: string): Address {
  return 'channel' in address ? { ...address, channel } : { view: 'overview', channel }
}

async function copy(button: HTMLButtonElement, text: string): Promise<void> {
  const isDone = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
  button.textContent = isDone ? 'Copied' : 'Cannot copy'
  setTimeout(() => (button.textContent = 'Copy'), 1_500)
}

function go(address: Address): void {
  location.hash = addressOf(address)
}
