/** What is known of one thing that was asked for. A value stays at hand while a newer one is on its way. */
export interface Reading<T> {
  readonly value: T | undefined
  /** The value is of the address that was asked for last. */
  readonly isCurrent: boolean
  /** Why there is nothing newer. */
  readonly problem: string | undefined
}

/** Answers of the server, by what they are shown as. */
export interface Feed {
  /** What is known under a name, from an address; asks for it when nothing is. */
  readonly read: <T>(name: string, address: string) => Reading<T>
  /** Says that what stands under addresses that can change may have changed. */
  readonly outdate: () => void
}

interface Slot {
  address: string
  value: unknown
  problem: string | undefined
  isCurrent: boolean
  /** An answer that can change is asked for again, once, after each piece of news. */
  isOutdated: boolean
  isAsked: boolean
}

/** Answers that are kept; those read longest ago go first. */
const KEPT = 300
const AGAIN_MS = 2_000

/** Opens a feed that says when something has arrived. */
export function openFeed(onArrival: () => void): Feed {
  const slots = new Map<string, Slot>()
  const ask = async (slot: Slot, address: string) => {
    slot.isAsked = true
    slot.isOutdated = false
    const got = await fetchValue(address)
    slot.isAsked = false
    if (slot.address !== address) return ask(slot, slot.address)
    slot.problem = got.problem
    if (got.problem === undefined) {
      slot.value = got.value
      slot.isCurrent = true
    } else if (got.isPassing) setTimeout(() => void ask(slot, slot.address), AGAIN_MS)
    onArrival()
  }
  return {
    read: <T>(name: string, address: string): Reading<T> => {
      const slot = slots.get(name) ?? newSlot(address)
      slots.delete(name)
      slots.set(name, slot)
      for (const oldest of slots.keys()) {
        if (slots.size <= KEPT) break
        slots.delete(oldest)
      }
      if (slot.address !== address) Object.assign(slot, { address, isCurrent: false, isOutdated: true })
      if (slot.isOutdated && !slot.isAsked) void ask(slot, address)
      return { value: slot.value as T | undefined, isCurrent: slot.isCurrent, problem: slot.problem }
    },
    outdate: () => {
      for (const slot of slots.values()) slot.isOutdated ||= !isImmutable(slot.address)
    },
  }
}

function newSlot(address: string): Slot {
  return { address, value: undefined, problem: undefined, isCurrent: false, isOutdated: true, isAsked: false }
}

function isImmutable(address: string): boolean {
  return address.startsWith('/catalog/releases/')
}

type Got =
  | { readonly value: unknown; readonly problem: undefined }
  | { readonly problem: string; readonly isPassing: boolean }

async function fetchValue(address: string): Promise<Got> {
  try {
    const response = await fetch(address)
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    const value: unknown = isJson ? await response.json() : await response.text()
    if (response.ok) return { value, problem: undefined }
    const { message } = value as { readonly message?: string }
    // Who is busy now has time later.
    return { problem: message ?? `The server answers ${response.status}`, isPassing: response.status === 503 }
  } catch {
    return { problem: 'The server does not answer', isPassing: true }
  }
}
