/** What a body may be coded in, best first. */
export const ENCODINGS = ['br', 'gzip', 'identity'] as const
export type Encoding = (typeof ENCODINGS)[number]

/**
 * Content coding for an `Accept-Encoding` header: the highest q-value wins, `br` before `gzip` before `identity`
 * among equals. When nothing is acceptable the header is disregarded, as RFC 9110 §12.4.1 allows.
 */
export function chooseEncoding(header: string | undefined, available: readonly Encoding[]): Encoding {
  if (header === undefined) return 'identity'
  const wanted = wishes(header)
  const star = wanted.get('*')
  // Identity is acceptable even when it is not named, but never preferred to a coding that is.
  const quality = (encoding: Encoding) =>
    wanted.get(encoding) ?? star ?? (encoding === 'identity' ? 0.0001 : 0)
  let best: Encoding = 'identity'
  let bestQuality = 0
  for (const encoding of ENCODINGS) {
    if (encoding !== 'identity' && !available.includes(encoding)) continue
    const q = quality(encoding)
    if (q > bestQuality) {
      best = encoding
      bestQuality = q
    }
  }
  return best
}

const known = new Map<string, ReadonlyMap<string, number>>()
/** Clients say one of a few things; one who says ever new ones gets no more memory than these. */
const MAX_KNOWN = 64

function wishes(header: string): ReadonlyMap<string, number> {
  const wanted = known.get(header) ?? parseAcceptEncoding(header)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(header, wanted)
  return wanted
}

function parseAcceptEncoding(header: string): ReadonlyMap<string, number> {
  const wanted = new Map<string, number>()
  for (const part of header.split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    if (coding !== '') wanted.set(coding === 'x-gzip' ? 'gzip' : coding, qualityOf(parameters))
  }
  return wanted
}

function qualityOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  if (q === undefined) return 1
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? Number(q) : 0
}
