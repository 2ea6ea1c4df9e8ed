import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, Response } from 'express'
import type { Encodings } from '../../build/encode.ts'
import type { ServedFile } from '../store/served-release.ts'
import { type CodedFile, codedFile } from './coded-file.ts'
import { noneMatch } from './etag.ts'
import { chooseEncoding } from './negotiate.ts'
import { parseRange } from './range.ts'

/** What every reply says, unless a page sets a policy of its own: take the type as told, load nothing, be framed by nobody. */
export const SAFE_HEADERS = [
  ...['X-Content-Type-Options', 'nosniff'],
  ...['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ...['Cross-Origin-Resource-Policy', 'same-origin'],
  ...['Referrer-Policy', 'no-referrer'],
] as const

/** Said with what may be another at any moment: a cache asks each time whether it has the right one. */
export const FRESH = ['Cache-Control', 'no-cache'] as const

/** Said with what is never another below its address. */
export const FOREVER = ['Cache-Control', 'public, max-age=31536000, immutable'] as const

/** A file of a release, and what is said with it beside the headers that the response has already. */
export interface FileReply extends ServedFile {
  /** Names and values by turns. */
  readonly headers?: readonly string[]
}

/**
 * Sends a file in the coding the client likes best, a part of it to one who asks for a part, and 304 to one who has it.
 * Parts are of the file itself: a range of coded bytes is answered with all of them.
 */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { artifact, encodings, headers = [] }: FileReply,
): Promise<void> | undefined {
  const made = encodings()
  const send = (whole: Encodings) =>
    sendCoded(request, response, { file: codedFile(artifact, whole), headers })
  if (made instanceof Promise) return made.then(send)
  send(made)
  return undefined
}

function sendCoded(
  request: IncomingMessage,
  response: ServerResponse,
  { file, headers }: { readonly file: CodedFile; readonly headers: readonly string[] },
): void {
  const encoding = chooseEncoding(request.headers['accept-encoding'], file.available)
  const { bytes, etag, description } = file.in(encoding)
  const head = [...headers, 'ETag', etag, 'Vary', varyOf(response)]
  if (noneMatch(request.headers['if-none-match'], etag)) {
    response.writeHead(304, head).end()
    return
  }
  head.push(...description)
  const range = encoding === 'identity' ? rangeOf(request, { etag, size: bytes.length }) : undefined
  if (range === undefined) sendBytes(response, 200, { head, bytes })
  else if (range === 'unsatisfiable') refuseRange(response, bytes.length)
  else {
    head.push('Content-Range', `bytes ${range.first}-${range.last}/${bytes.length}`)
    sendBytes(response, 206, { head, bytes: bytes.subarray(range.first, range.last + 1) })
  }
}

function refuseRange(response: ServerResponse, size: number): void {
  response.setHeader('Content-Range', `bytes */${size}`)
  sendError(response, 416, {
    code: 'request/range',
    message: `Cannot send the range asked for: expected one that begins within ${size} bytes`,
  })
}

/** Puts {@link SAFE_HEADERS} on a response that has not begun. */
export function setSafeHeaders(response: ServerResponse): void {
  for (let at = 0; at < SAFE_HEADERS.length; at += 2) {
    response.setHeader(SAFE_HEADERS[at] ?? '', SAFE_HEADERS[at + 1] ?? '')
  }
}

/** Sends a JSON value that no cache may keep. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  const bytes = Buffer.from(`${JSON.stringify(body, null, 1)}\n`)
  if (!response.hasHeader('X-Content-Type-Options')) setSafeHeaders(response)
  const head = ['Content-Type', 'application/json; charset=utf-8', ...FRESH]
  sendBytes(response, status, { head, bytes })
}

/** Sends a refusal: a stable code and a sentence, never a stack or a path of this machine. */
export function sendError(
  response: ServerResponse,
  status: number,
  error: { code: string; message: string },
): void {
  sendJson(response, status, { error: error.code, message: error.message })
}

/** Answers what no route knows. */
export function sendNotFound(request: Request, response: Response): void {
  const path = request.path.length > 200 ? `${request.path.slice(0, 200)}…` : request.path
  sendError(response, 404, {
    code: 'route/unknown',
    message: `Cannot find "${path}": expected a file named by /agent-menu.json or /skill-menu.json, or a channel named by /channels`,
  })
}

/** A part is sent of the very bytes that the client has the beginning of, or not at all. */
function rangeOf({ method, headers }: IncomingMessage, { etag, size }: { etag: string; size: number }) {
  const condition = headers['if-range']
  if (method !== 'GET' || (condition !== undefined && condition !== etag)) return undefined
  return parseRange(headers.range, size)
}

function sendBytes(
  response: ServerResponse,
  status: number,
  { head, bytes }: { head: string[]; bytes: Uint8Array },
): void {
  head.push('Content-Length', String(bytes.length))
  response.writeHead(status, head)
  if (response.req.method === 'HEAD') response.end()
  else response.end(bytes)
}

/** A route may have chosen between files by something else already. */
function varyOf(response: ServerResponse): string {
  const vary = response.getHeader('Vary')
  return vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`
}
