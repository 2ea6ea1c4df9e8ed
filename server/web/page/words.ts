/** `1 skill`, `2 skills`. */
export function count(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** `12,345` */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1.2 KB` */
export function bytes(size: number): string {
  if (size < 1_000) return `${size} B`
  if (size < 1_000_000) return `${(size / 1_000).toFixed(1)} KB`
  return `${(size / 1_000_000).toFixed(1)} MB`
}

/** `≈ 1,234 tokens` */
export function tokens(number: number): string {
  return `≈ ${grouped(number)} tokens`
}

/** A digest as far as people read it. */
export function short(digest: string): string {
  return digest.slice(0, 12)
}

const STEPS: readonly (readonly [number, string])[] = [
  [60, 'second'],
  [60, 'minute'],
  [24, 'hour'],
  [30, 'day'],
  [12, 'month'],
  [Infinity, 'year'],
]

/** `3 minutes ago` */
export function age(moment: string, now: number): string {
  let span = Math.max(0, Math.floor((now - Date.parse(moment)) / 1_000))
  if (span < 5) return 'just now'
  for (const [size, unit] of STEPS) {
    if (span < size) return `${count(span, unit)} ago`
    span = Math.floor(span / size)
  }
  return ''
}
