import { type Entry, type Example, LARGE } from '../rule.ts'
import { anError, aWarning, config, group } from './entry.ts'

const CONFIG = 'skills/setup/config.yaml'
const A = 'https://example.com/a.md'
/** A skill that carries a document, and what its address answers. */
const names = (url: string, others: Example['files'] = {}) =>
  group(config('', `    docs_urls: [${url}]\n`), others)
const answers = (answer: string | Uint8Array) => ({
  ok: names(A, { [A]: '# A\n' }),
  notOk: [[names(A, { [A]: answer }), `${CONFIG}:7:17`]] as const,
})
const refuses = (url: string) => ({ notOk: [[names(url), `${CONFIG}:7:17`]] as const })

/** Codes about the documents that a tree names. */
export const FETCH_CODES: readonly Entry[] = [
  anError('fetch/url', 'The address of a document is not one.', refuses('"https://"')),
  anError(
    'fetch/scheme',
    'The address of a document has a scheme other than `https:`, `http:` and `file:`.',
    refuses('ftp://example.com/a.md'),
  ),
  anError(
    'fetch/credentials',
    'The address of a document holds a user name or a password.',
    refuses('https://me:word@example.com/a.md'),
  ),
  anError('fetch/outside', 'The path of a document leads out of the folder that holds the content root.', {
    ok: names('../../../guides/a.md', { '../guides/a.md': '# A\n' }),
    notOk: [[names('/etc/hostname'), `${CONFIG}:7:17`]],
  }),
  anError('fetch/missing', 'There is no document at an address or path.', {
    ok: names('a.md', { 'skills/setup/a.md': '# A\n' }),
    notOk: [[names('a.md'), `${CONFIG}:7:17`]],
  }),
  anError(
    'fetch/unreachable',
    'The source of a document did not answer with one, and no copy of it is kept.',
    answers('HTTP 404'),
  ),
  anError(
    'fetch/redirect',
    'A document redirects too often, or to somewhere it may not.',
    answers('HTTP 302 http://example.com/a.md'),
  ),
  anError(
    'fetch/html',
    'A document is an HTML page. Wanted is markdown or plain text.',
    answers('<!doctype html>\n<title>A</title>\n'),
  ),
  anError('fetch/empty', 'A document is empty.', answers('\n')),
  anError('fetch/utf8', 'A document is not UTF-8 text.', answers(Uint8Array.of(0x63, 0x61, 0x66, 0xe9))),
  anError('fetch/too-large', 'A document is larger than 5 MiB.', answers(LARGE)),
  // No example: an example is built once, with a source that answers or refuses, and never offline.
  anError(
    'fetch/offline',
    'A document is not in the cache, and `--offline` forbids to fetch it. A build without `--offline` keeps a copy.',
  ),
  anError('fetch/lock', '`content.lock` cannot be read. `mill build --update-lock` writes it anew.', {
    notOk: [[names(A, { [A]: '# A\n', 'content.lock': '<<<<<<< ours\n' }), 'content.lock:1:1']],
  }),
  anError(
    'fetch/changed',
    'A document is no longer what `content.lock` says. `mill build --update-lock` accepts it. It is a warning where the locked copy is still at hand, and used.',
    {
      notOk: [
        [
          names(A, {
            [A]: '# A, written anew\n',
            'content.lock': `{"version":1,"documents":{"${A}":{"digest":"${'0'.repeat(64)}","size":4}}}\n`,
          }),
          `${CONFIG}:7:17`,
        ],
      ],
    },
  ),
  // No example: the copy would have to come from an earlier build.
  aWarning('fetch/stale', 'The source of a document did not answer; the last good copy is used.'),
]
