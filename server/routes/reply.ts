import type { Request, Response } from 'express'
import { etagOf, noneMatch } from '../etag.ts'
import { chooseEncoding } from '../negotiate.ts'
import { isText, type ServedFile } from '../served-release.ts'

/** Sends a file of a release in the coding the client likes best; answers 304 to a client that has it. */
export async function sendFile(request: Request, response: Response, file: ServedFile): Promise<void> {
  const { artifact } = file
  const encoding = chooseEncoding(request.get('accept-encoding'), file.encodings)
  const etag = etagOf(artifact.digest, encoding)
  response.setHeader('ETag', etag)
  response.setHeader('Vary', 'Accept-Encoding')
  if (noneMatch(request.get('if-none-match'), etag)) {
    response.writeHead(304).end()
    return
  }
  const bytes = await file.bytes(encoding)
  response.setHeader('Content-Type', contentType(artifact.mediaType))
  response.setHeader('Content-Length', bytes.length)
  if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding)
  response.writeHead(200)
  if (request.method === 'HEAD') response.end()
  else response.end(bytes)
}

/** Sends a JSON value that no cache may keep. */
export function sendJson(response: Response, status: number, body: object): void {
  const bytes = Buffer.from(`${JSON.stringify(body, null, 1)}\n`)
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Cache-Control', 'no-cache')
  response.setHeader('Content-Length', bytes.length)
  response.writeHead(status)
  if (response.req.method === 'HEAD') response.end()
  else response.end(bytes)
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

function contentType(mediaType: string): string {
  return isText(mediaType) && !mediaType.includes('charset=') ? `${mediaType}; charset=utf-8` : mediaType
}
