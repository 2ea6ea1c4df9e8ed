import type { Entry } from '../rule.ts'
import { anError, aWarning, config, group, SETUP, task, WEB } from './entry.ts'

const TASK = 'agents/demo/task.md'
const CONFIG = 'skills/setup/config.yaml'
const ALL = '  - id: all\n    display_name: All\n    framework: web\n'
const template = (text: string) => group(config(), { 'skills/setup/t.md': text })
const other = (lines: string) => ({
  'skills/other/config.yaml': lines,
  'skills/other/t.md': '# {display_name}\n',
})

/** Codes about includes, inheritance and templates. */
export const EXPAND_CODES: readonly Entry[] = [
  anError('expand/partial-unknown', 'A line includes a partial that is not in `shared/`.', {
    ok: { ...task('', '{{> rules}}\n'), 'shared/rules.md': 'Be kind.\n' },
    notOk: [[{ ...task('', '{{> rulez}}\n'), 'shared/rules.md': 'Be kind.\n' }, `${TASK}:6:1`]],
  }),
  anError('expand/partial-inline', 'A line includes a partial and holds more than that.', {
    ok: { ...task('', '{{> rules}}\n'), 'shared/rules.md': 'Be kind.\n' },
    notOk: [[{ ...task('', 'First {{> rules}}\n'), 'shared/rules.md': 'Be kind.\n' }, `${TASK}:6:7`]],
  }),
  anError('expand/partial-cycle', 'A partial includes itself, if only through others.', {
    notOk: [[{ 'shared/a.md': '{{> b}}\n', 'shared/b.md': 'B\n{{> a}}\n' }, 'shared/b.md:2:1']],
  }),
  anError('expand/too-large', 'A text grows beyond a megabyte by what it includes.', {
    notOk: [
      [
        {
          ...task('', '{{> a}}\n'),
          'shared/a.md': '{{> b}}\n'.repeat(120),
          'shared/b.md': 'Be kind to all who read what you write.\n'.repeat(250),
        },
        'shared/a.md:1:1',
      ],
    ],
  }),
  anError('expand/placeholder', 'A template holds a word in braces that is nearly a placeholder.', {
    ok: template('# {display_name}\n'),
    notOk: [[template('# {dispaly_name}\n'), 'skills/setup/t.md:1:3']],
  }),
  anError('expand/template', 'A group has no template, or the file it names is not there.', {
    ok: group(config()),
    notOk: [
      [group(config(), { 'skills/setup/t.md': undefined }), `${CONFIG}:1:11`],
      [group(`description: Sets up {display_name}\nvariants:\n${WEB}`), `${CONFIG}:1:1`],
    ],
  }),
  anError('expand/display-name', 'A variant has no `display_name`, of its own or borrowed.', {
    ok: group(config()),
    notOk: [[group(`${SETUP}variants:\n  - id: web\n    framework: web\n`), `${CONFIG}:4:9`]],
  }),
  anError(
    'expand/description',
    'Neither a variant nor its group has a `description`, or it is longer than 1,024 characters.',
    {
      ok: group(config()),
      notOk: [[group(`template: t.md\nvariants:\n${WEB}`), `${CONFIG}:3:9`]],
    },
  ),
  anError('expand/id', 'The id that a skill would get is not one that can be served.', {
    ok: group(config()),
    notOk: [
      [
        {
          [`skills/${'a'.repeat(60)}/config.yaml`]: config().replace('id: web', `id: ${'b'.repeat(60)}`),
          [`skills/${'a'.repeat(60)}/t.md`]: '# {display_name}\n',
        },
        `skills/${'a'.repeat(60)}/config.yaml:4:9`,
      ],
    ],
  }),
  anError(
    'expand/variants-from',
    'A group borrows variants of a group that is not there, or that borrows them itself.',
    {
      ok: { ...group(config()), ...other(`${SETUP}variants_from: setup\n`) },
      notOk: [
        [
          { ...group(config()), ...other(`${SETUP}variants_from: setupp\n`) },
          'skills/other/config.yaml:3:16',
        ],
      ],
    },
  ),
  anError('expand/default', 'Two variants are the default of one framework.', {
    ok: group(config('', '    default: true\n')),
    notOk: [
      [
        group(
          `${SETUP}variants:\n${WEB}    default: true\n${WEB.replace('id: web', 'id: two')}    default: true\n`,
        ),
        `${CONFIG}:11:14`,
      ],
    ],
  }),
  anError(
    'expand/bundle',
    'A bundled group has the variant `all`, whose id clients could not cut out of its name.',
    {
      ok: group(config('packaging: bundle\n')),
      notOk: [[group(`${SETUP}packaging: bundle\nvariants:\n${ALL}`), `${CONFIG}:5:9`]],
    },
  ),
  anError(
    'expand/cli',
    'A `cli` block does not make a command: its word is reserved or not of 2 to 20 characters in kebab-case, the variant `all` names none, or it is the default of no family.',
    {
      ok: group(config('', '    cli: {role: command, command: set-up}\n')),
      notOk: [
        [group(config('', '    cli: {role: command, command: help}\n')), `${CONFIG}:7:10`],
        [group(config('', '    cli: {role: command, default: true}\n')), `${CONFIG}:7:10`],
      ],
    },
  ),
  aWarning('fetch/not-read', 'A document was not fetched for this build, and is left out.', {
    notOk: [[group(config('', '    docs_urls: [https://example.com/a.md]\n')), `${CONFIG}:7:17`]],
  }),
  aWarning('example/not-read', 'An example app was not read for this build, and is left out.', {
    notOk: [[group(config('', '    example_paths: examples/app\n')), `${CONFIG}:7:20`]],
  }),
  aWarning('scripts/not-bundled', 'A script was not bundled for this build, and is left out.', {
    ok: { 'skills/plain/scripts/run.mjs': 'export {}\n' },
    notOk: [[{ 'skills/plain/scripts/run.ts': 'export {}\n' }, 'skills/plain/scripts/run.ts:1:1']],
  }),
]
