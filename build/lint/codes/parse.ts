import type { Entry } from '../rule.ts'
import { anError, group, task } from './entry.ts'

const TASK = 'agents/demo/task.md'
const whole = (text: string) => ({ [TASK]: text })
const SOUND = '---\ntype: task\nflow: demo\nmodel: m1\n---\nDo it.\n'

/** Codes about files that cannot be read as what they are. */
export const PARSE_CODES: readonly Entry[] = [
  anError('parse/utf8', 'A file is not UTF-8. The place is that of the first byte that is not.', {
    notOk: [[{ 'shared/a.md': Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x0a) }, 'shared/a.md:1:4']],
  }),
  anError(
    'parse/hidden-character',
    'A text holds a character that no reader sees: zero-width, bidirectional, a tag, a soft hyphen, a control. Emoji are no exception to be feared: what joins them is let be.',
    { ok: task('', 'Ship it 👩‍🚀.\n'), notOk: [[task('', 'Ship\u200b it.\n'), `${TASK}:6:5`]] },
  ),
  anError('parse/misplaced', 'A file looks like content and lies where none is read.', {
    ok: task(),
    notOk: [
      [{ 'agents/task.md': SOUND }, 'agents/task.md:1:1'],
      [{ 'agents/demo/deep/task.md': SOUND }, 'agents/demo/deep/task.md:1:1'],
      [{ 'docs.yml': '[]\n' }, 'docs.yml:1:1'],
      [{ 'ceiling.yml': 'channels: {}\n' }, 'ceiling.yml:1:1'],
      [{ 'comandments.yaml': 'all: [Be brief]\n' }, 'comandments.yaml:1:1'],
      [
        { 'skills/drop-in/skill.md': '---\nname: drop-in\ndescription: D\n---\nDo it.\n' },
        'skills/drop-in/skill.md:1:1',
      ],
    ],
  }),
  anError('parse/frontmatter-missing', 'A prompt or a SKILL.md does not begin with frontmatter.', {
    ok: whole(SOUND),
    notOk: [[whole('# Task\n'), `${TASK}:1:1`]],
  }),
  anError(
    'parse/frontmatter-open',
    'The first line is nearly, but not exactly, the three dashes that begin frontmatter.',
    {
      ok: whole(SOUND),
      notOk: [[whole(`-${SOUND}`), `${TASK}:1:1`]],
    },
  ),
  anError(
    'parse/frontmatter-language',
    'Frontmatter asks for a language of its own, such as `---js`. It is YAML, and nothing in it is ever run.',
    { ok: whole(SOUND), notOk: [[whole(SOUND.replace('---', '---js')), `${TASK}:1:1`]] },
  ),
  anError('parse/frontmatter-unclosed', 'Frontmatter begins and does not end.', {
    ok: whole(SOUND),
    notOk: [[whole('---\ntype: task\nflow: demo\n'), `${TASK}:1:1`]],
  }),
  anError('parse/frontmatter-close', 'The line that ends frontmatter holds more than three dashes.', {
    ok: whole(SOUND),
    notOk: [[whole('---\ntype: task\nflow: demo\nmodel: m1\n----\nDo it.\n'), `${TASK}:5:1`]],
  }),
  anError('parse/frontmatter-size', 'Frontmatter is longer than 16 KiB or 500 lines.', {
    ok: whole(SOUND),
    notOk: [[whole(`---\n${'# a line\n'.repeat(500)}---\nDo it.\n`), `${TASK}:1:1`]],
  }),
  anError('parse/yaml', 'A text is not YAML.', {
    ok: task('label: A task\n'),
    notOk: [
      [task('label: "open\n'), `${TASK}:5:13`],
      [{ 'commandments.yaml': 'all:\n\t- be kind\n' }, 'commandments.yaml:2:1'],
    ],
  }),
  anError(
    'parse/yaml-size',
    'A YAML file is larger than 1 MiB, or has more than 150,000 words and marks: the time to read it grows with them.',
    {
      notOk: [[{ 'commandments.yaml': `all:\n${'  - Be kind\n'.repeat(90_000)}` }, 'commandments.yaml:1:1']],
    },
  ),
  anError('parse/yaml-depth', 'YAML nests deeper than 8 levels.', {
    notOk: [[{ 'commandments.yaml': 'all: [[[[[[[[[[]]]]]]]]]]\n' }, 'commandments.yaml:1:14']],
  }),
  anError('parse/yaml-alias', 'YAML uses an anchor or an alias: a value has to stand where it is used.', {
    ok: task('skills: [plain]\n'),
    notOk: [[task('skills: &all [plain]\n'), `${TASK}:5:14`]],
  }),
  anError('parse/yaml-tag', 'YAML uses a tag.', {
    ok: task('label: "1"\n'),
    notOk: [[task('label: !!str 1\n'), `${TASK}:5:14`]],
  }),
  anError('parse/yaml-merge', 'YAML merges maps with `<<`.', {
    notOk: [[{ 'commandments.yaml': '<<: {all: [be kind]}\n' }, 'commandments.yaml:1:1']],
  }),
  anError('parse/yaml-key', 'A key is no text, or one that JavaScript has a meaning for.', {
    ok: { 'commandments.yaml': 'all: [be kind]\n' },
    notOk: [
      [{ 'commandments.yaml': '1: [be kind]\n' }, 'commandments.yaml:1:1'],
      [{ 'commandments.yaml': '__proto__: [be kind]\n' }, 'commandments.yaml:1:1'],
    ],
  }),
  anError('parse/duplicate-key', 'A map has one key twice.', {
    ok: task(),
    notOk: [
      [task('model: m2\n'), `${TASK}:5:1`],
      [group('template: t.md\ntemplate: t.md\n'), 'skills/setup/config.yaml:2:1'],
    ],
  }),
]
