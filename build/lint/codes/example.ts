import type { Entry, Example } from '../rule.ts'
import { anError, aWarning, config, group } from './entry.ts'

const CONFIG = 'skills/setup/config.yaml'
/** A skill that shows an example app, and the files of that. */
const shows = (app: Example['files'], path = 'apps/web') =>
  group(
    config('', `    example_paths: ${path}\n`),
    Object.fromEntries(Object.entries(app).map(([name, text]) => [`../apps/web/${name}`, text])),
  )
const skipping = (patterns: string) => ({
  ...shows({ 'a.js': 'run()\n' }),
  'skip-patterns.yaml': patterns,
})
const SOUND = { 'a.js': 'run()\n' }
const LINES = 'run()\n'.repeat(43_000)

/** Codes about the example apps that a tree shows. */
export const EXAMPLE_CODES: readonly Entry[] = [
  anError('example/path', 'The path of an example app leads out of the folder that holds the content root.', {
    notOk: [[shows({}, '../web'), `${CONFIG}:7:20`]],
  }),
  anError('example/not-found', 'There is no folder at the path of an example app.', {
    ok: shows(SOUND),
    notOk: [[shows(SOUND, 'apps/wbe'), `${CONFIG}:7:20`]],
  }),
  anError('example/link', 'A file of an example app is a symbolic link.', {
    notOk: [[shows({ ...SOUND, 'b.js': 'LINK a.js' }), '../apps/web/b.js:1:1']],
  }),
  // No example: who builds as root can read every file.
  anError('example/unreadable', 'A file of an example app cannot be read.'),
  anError(
    'example/pattern',
    'A pattern of `skip-patterns.yaml` is no regular expression, or one that takes too long.',
    {
      ok: skipping('regex: ["\\\\.test\\\\.js$"]\n'),
      notOk: [
        [skipping('regex: ["(a"]\n'), 'skip-patterns.yaml:1:9'],
        [skipping('regex: ["(a+)+b"]\n'), 'skip-patterns.yaml:1:9'],
      ],
    },
  ),
  aWarning('example/unknown-app', '`skip-patterns.yaml` names an app that no group shows.', {
    ok: skipping('examples:\n  web: {includes: [.css]}\n'),
    notOk: [[skipping('examples:\n  wbe: {includes: [.css]}\n'), 'skip-patterns.yaml:2:3']],
  }),
  aWarning('example/name', 'The name of a file of an example app cannot be shown; the file is left out.', {
    notOk: [[shows({ ...SOUND, 'con.js': 'run()\n' }), '../apps/web/con.js:1:1']],
  }),
  aWarning('example/file-too-large', 'A file of an example app is larger than 256 KiB, and is left out.', {
    notOk: [[shows({ ...SOUND, 'b.js': `${LINES}${LINES}` }), '../apps/web/b.js:1:1']],
  }),
  aWarning('example/too-large', 'An example app is larger than 2 MiB; files are left out.', {
    notOk: [
      [
        shows(Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`${at}.js`, LINES]))),
        '../apps/web:1:1',
      ],
    ],
  }),
  // No example: thousands of files would show no more than the sentence says.
  aWarning('example/too-many-files', 'An example app has more than 5,000 files; some are left out.'),
  aWarning('example/binary', 'A file of an example app is no text, and is left out.', {
    notOk: [[shows({ ...SOUND, 'b.bin': Uint8Array.of(0xff, 0) }), '../apps/web/b.bin:1:1']],
  }),
  aWarning(
    'example/hidden-character',
    'A file of an example app holds a character that no reader sees, and is left out.',
    { notOk: [[shows({ ...SOUND, 'b.js': 'run\u200b()\n' }), '../apps/web/b.js:1:4']] },
  ),
  aWarning('example/marker', 'A marker in an example app (`@ignoreBlockStart` and its kin) stands alone.', {
    ok: shows({ 'a.js': '// @ignoreBlockStart\nsetUpTests()\n// @ignoreBlockEnd\nrun()\n' }),
    notOk: [[shows({ 'a.js': 'run()\n// @ignoreBlockStart\nsetUpTests()\n' }), '../apps/web/a.js:2:1']],
  }),
  aWarning('example/empty', 'Nothing of an example app is shown.', {
    notOk: [[shows({ 'a.js': '// @ignoreFile\nrun()\n' }), '../apps/web:1:1']],
  }),
]
