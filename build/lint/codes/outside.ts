import type { Entry } from '../rule.ts'
import { anError, aWarning } from './entry.ts'

/** Codes about what a tree refers to outside of itself: documents, example apps, and scripts as they are bundled. */
export const OUTSIDE_CODES: readonly Entry[] = [
  anError('fetch/url', 'The address of a document is not one.'),
  anError('fetch/scheme', 'The address of a document has a scheme other than `https:`, `http:` and `file:`.'),
  anError('fetch/credentials', 'The address of a document holds a user name or a password.'),
  anError('fetch/outside', 'The path of a document leads out of the content root.'),
  anError('fetch/missing', 'There is no document at an address or path.'),
  anError('fetch/unreachable', 'The source of a document did not answer, and no copy of it is kept.'),
  anError('fetch/redirect', 'A document redirects too often, or to somewhere it may not.'),
  anError('fetch/html', 'A document is an HTML page. Wanted is markdown or plain text.'),
  anError('fetch/empty', 'A document is empty.'),
  anError('fetch/utf8', 'A document is not UTF-8 text.'),
  anError('fetch/too-large', 'A document is larger than documents may be.'),
  anError('fetch/offline', 'A document is not in the cache, and `--offline` forbids to fetch it.'),
  anError('fetch/lock', '`content.lock` cannot be read.'),
  anError(
    'fetch/changed',
    'A document is no longer what `content.lock` says. `mill build --update-lock` accepts it. It is a warning where the locked copy is still at hand, and used.',
  ),
  aWarning('fetch/stale', 'The source of a document did not answer; the last good copy is used.'),
  anError('example/path', 'The path of an example app leads out of the folder that holds the content root.'),
  anError('example/not-found', 'There is no folder at the path of an example app.'),
  anError('example/link', 'A file of an example app is a symbolic link.'),
  anError('example/unreadable', 'A file of an example app cannot be read.'),
  anError(
    'example/pattern',
    'A pattern of `skip-patterns.yaml` is no regular expression, or one that takes too long.',
  ),
  aWarning('example/unknown-app', '`skip-patterns.yaml` names an app that no group shows.'),
  aWarning('example/name', 'The name of a file of an example app cannot be shown; the file is left out.'),
  aWarning('example/file-too-large', 'A file of an example app is too large to be shown, and is left out.'),
  aWarning('example/too-large', 'An example app is too large to be shown whole; files are left out.'),
  aWarning('example/too-many-files', 'An example app has too many files; some are left out.'),
  aWarning('example/binary', 'A file of an example app is no text, and is left out.'),
  aWarning(
    'example/hidden-character',
    'A file of an example app holds a character that no reader sees, and is left out.',
  ),
  aWarning('example/marker', 'A marker in an example app (`@ignoreBlockStart` and its kin) stands alone.'),
  aWarning('example/empty', 'Nothing of an example app is shown.'),
  anError(
    'scripts/bundle',
    'A script of a skill cannot be bundled: it has a mistake in it, or imports what is not in the skill.',
  ),
  anError('scripts/name', 'A script would be bundled to a file that is already there.'),
]
