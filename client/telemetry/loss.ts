export interface Delivery {
  readonly told: number
  readonly delivered: number
  /** What went wrong last. */
  readonly why: string
}

/** What of a delivery was lost, in a sentence; null when nothing was. `whom` is an address, which may hold a password. */
export function lossOf(whom: string, what: string, { told, delivered, why }: Delivery): string | null {
  if (delivered >= told) return null
  const at = URL.parse(whom)?.host ?? whom
  return `Cannot tell "${at}" of ${told - delivered} of ${told} ${what}: ${why || 'it took too long'}`
}
