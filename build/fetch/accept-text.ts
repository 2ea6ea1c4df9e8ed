import type { Refusal } from './document.ts'

/** The text of a document, or why its bytes are none. */
export type Accepted = { readonly text: string } | { readonly refusal: Refusal }

/** Takes bytes for a document only if a reader could: text, not empty, not a page for browsers. */
export function acceptText(bytes: Uint8Array, mediaType: string | undefined): Accepted {
  const type = mediaType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (HTML_TYPES.has(type))
    return refuse('fetch/html', `it answered ${type}, expected markdown or plain text`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return refuse('fetch/utf8', 'its bytes are not UTF-8, expected markdown or plain text')
  }
  if (text.includes('\0')) return refuse('fetch/utf8', 'it holds a NUL byte, expected markdown or plain text')
  if (text.trim() === '') return refuse('fetch/empty', 'it is empty, expected markdown or plain text')
  if (HTML_BEGINNING.test(text)) {
    return refuse('fetch/html', 'it begins like an HTML page, expected markdown or plain text')
  }
  return { text: text.replaceAll('\r\n', '\n') }
}

const HTML_TYPES = new Set(['text/html', 'application/xhtml+xml'])
const HTML_BEGINNING = /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]{0,2000}?-->\s*)?<(!doctype\s+html|html[\s>])/i

function refuse(code: Refusal['code'], reason: string): Accepted {
  return { refusal: { code, reason } }
}
