import type { Request, Response } from 'express'
import type { ServedFile } from '../store/served-release.ts'
import { etagOf, noneMatch } from './etag.ts'
import { chooseEncoding, ENCODINGS } from './negotiate.ts'

/** Sends a file of a release in the coding the client likes best; answers 304 to a client that has it. */
export async function sendFile(request: Request, response: Response, file: ServedFile): Promise<void> {
  const { artifact } = file
  const coded = { ...(await file.encodings()), identity: artifact.bytes }
  const available = ENCODINGS.filter((encoding) => coded[encoding] !== undefined)
  const encoding = chooseEncoding(request.get('accept-encoding'), available)
  const etag = etagOf(artifact.digest, encoding)
  response.setHeader('ETag', etag)
  response.setHeader('Vary', 'Accept-Encoding')
  if (noneMatch(request.get('if-none-match'), etag)) {
    response.writeHead(304).end()
    return
  }
  const bytes = coded[encoding] ?? artifact.bytes
  response.setHeader('Content-Type', contentType(artifact.mediaType))
  if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding)
  sendBytes(response, 200, bytes)
}

/** Sends a JSON value that no cache may keep. */
export function sendJson(response: Response, status: number, body: object): void {
  const bytes = Buffer.from(`${JSON.stringify(body, null, 1)}\n`)
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Cache-Control', 'no-cache')
  sendBytes(response, status, bytes)
}

/** Sends a refusal: a stable code and a sentence, never a stack or a path of this machine. */
export function sendError(
  response: Response,
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

function sendBytes(response: Response, status: number, bytes: Uint8Array): void {
  response.setHeader('Content-Length', bytes.length)
  response.writeHead(status)
  if (response.req.method === 'HEAD') response.end()
  else response.end(bytes)
}

function contentType(mediaType: string): string {
  return /^(text\/|application\/json$)/.test(mediaType) ? `${mediaType}; charset=utf-8` : mediaType
}
