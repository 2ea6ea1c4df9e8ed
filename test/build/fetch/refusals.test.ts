import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { codes, FROM, fetching } from './fetching.ts'
import { type Reply, status, text } from './source.ts'

const { source, fetchAll } = fetching()

test.each([
  ['HTML by its type', text('plain', { 'content-type': 'text/html; charset=utf-8' }), 'fetch/html'],
  ['HTML that says it is markdown', text('\n <!DOCTYPE HTML><title>x</title>'), 'fetch/html'],
  ['HTML without a doctype', text('<html lang="en">'), 'fetch/html'],
  ['HTML after a comment', text('<!-- x --><html>'), 'fetch/html'],
  ['nothing', text(''), 'fetch/empty'],
  ['blank lines', text(' \n\n'), 'fetch/empty'],
  ['Latin-1', text(Buffer.from([0x63, 0x61, 0x66, 0xe9])), 'fetch/utf8'],
  ['NUL bytes', text('a\0b'), 'fetch/utf8'],
  ['too much', text('x'.repeat(2000)), 'fetch/too-large'],
  [
    'too much, packed small',
    text(gzipSync('x'.repeat(2000)), { 'content-encoding': 'gzip' }),
    'fetch/too-large',
  ],
  ['403', status(403), 'fetch/unreachable'],
  ['500 for ever', status(500), 'fetch/unreachable'],
  ['304 to a question without conditions', status(304), 'fetch/unreachable'],
  [
    'a closed connection',
    (_: unknown, response: { destroy: () => void }) => response.destroy(),
    'fetch/unreachable',
  ],
  [
    'half a body',
    (_: unknown, response: Parameters<Reply>[1]) => {
      response.writeHead(200, { 'content-length': '100' }).write('# Half')
      setImmediate(() => response.destroy())
    },
    'fetch/unreachable',
  ],
  ['a redirect to nowhere', status(302), 'fetch/redirect'],
  ['a redirect to a file', status(302, { location: 'file:///etc/passwd' }), 'fetch/redirect'],
  [
    'a redirect with a password',
    status(302, { location: 'http://user:secret@127.0.0.1/' }),
    'fetch/redirect',
  ],
  ['redirects without end', status(301, { location: '/a.md' }), 'fetch/redirect'],
] as const)('fetchDocuments() refuses a source that answers %s', async (_, reply, code) => {
  const { origin } = await source({ '/a.md': reply as Reply })
  const documents = await fetchAll([`${origin}/a.md`], { maxBytes: 1000 })
  expect(codes(documents)).toEqual([`error ${code}`])
  expect(documents.diagnostics[0]).toMatchObject({ path: FROM, line: 7, column: 9 })
  expect(documents.diagnostics[0]?.message).toContain(`"${origin}/a.md"`)
  expect(documents.byUrl.size).toBe(0)
  expect(documents.lock.size).toBe(0)
})

test('fetchDocuments() follows five redirects', async () => {
  const hops = Object.fromEntries(
    [1, 2, 3, 4, 5].map((at) => [`/${at}`, status(302, { location: `/${at + 1}` })]),
  )
  const { origin } = await source({ ...hops, '/6': text('# Found') })
  expect(codes(await fetchAll([`${origin}/1`]))).toEqual([])
})

test('fetchDocuments() refuses a redirect from https: to http:', async () => {
  const fetch = async () => new Response(null, { status: 302, headers: { location: 'http://example.com/a' } })
  const documents = await fetchAll(['https://example.com/a'], { fetch })
  expect(documents.diagnostics[0]?.message).toContain(
    'it redirected from https: to "http://example.com", expected https:',
  )
})

test.each([
  ['ftp://example.com/a.md', 'fetch/scheme'],
  ['data:text/plain,hello', 'fetch/scheme'],
  ['https://', 'fetch/url'],
  ['file:%zz', 'fetch/url'],
  ['https://me:hunter2@example.com/a.md', 'fetch/credentials'],
  ['../../../../etc/passwd', 'fetch/outside'],
  ['/etc/passwd', 'fetch/outside'],
  ['file:///etc/passwd', 'fetch/outside'],
  ['file:..%2f..%2f..%2f..%2fetc/passwd', 'fetch/outside'],
  ['..\\..\\secret', 'fetch/outside'],
  ['../../../.env', 'fetch/outside'],
  ['../../../node_modules/a/README.md', 'fetch/outside'],
  ['docs/none.md', 'fetch/missing'],
])('fetchDocuments() refuses the reference %s', async (url, code) => {
  const fetch = () => Promise.reject(new Error('the network was used'))
  const documents = await fetchAll([url], { fetch })
  expect(codes(documents)).toEqual([`error ${code}`])
  expect(documents.diagnostics[0]?.message).not.toContain('hunter2')
})
