import type { Entry } from '../rule.ts'
import { anError, aWarning, config, group, prompt, SETUP, task, WEB } from './entry.ts'

const TASK = 'agents/demo/task.md'
const CONFIG = 'skills/setup/config.yaml'
const skill = (frontmatter: string) => ({ 'skills/plain/SKILL.md': `---\n${frontmatter}---\n# Plain\n` })
const reference = (name: string, text = '# Steps\n') =>
  group(config(), { [`skills/setup/references/${name}`]: text })
const doc = (id: string) => `- {id: ${id}, display_name: A, description: A, urls: [guide.md]}\n`
const docs = (text: string) => ({ 'docs.yaml': text, 'guide.md': '# Guide\n' })
const market = (...plugins: readonly (readonly [category: string, name: string])[]) => ({
  'marketplace.yaml': `plugins:\n${plugins.map(([category, name]) => `  ${category}: {name: ${name}, description: A}\n`).join('')}`,
})

/** Codes about documents that are not what their place asks for. */
export const VALIDATE_CODES: readonly Entry[] = [
  anError('validate/unknown-key', 'A key is not one that is read here.', {
    ok: task('dependsOn: [user]\n'),
    notOk: [
      [task('dependsOnn: [user]\n'), `${TASK}:5:1`],
      [group(config('', '    frame_work: web\n')), `${CONFIG}:7:5`],
    ],
  }),
  anError('validate/missing-key', 'A key that has to be there is not.', {
    ok: skill('name: plain\ndescription: A plain skill\n'),
    notOk: [[skill('name: plain\n'), 'skills/plain/SKILL.md:2:1']],
  }),
  anError('validate/value', 'A value is not of the kind that its key asks for.', {
    ok: task('effort: low\nallowedTools: [Read]\n'),
    notOk: [
      [task('effort: loww\n'), `${TASK}:5:9`],
      [task('allowedTools: [Raed]\n'), `${TASK}:5:16`],
      [task('skills: plain\n'), `${TASK}:5:9`],
    ],
  }),
  anError('validate/type', 'The `type` of a prompt is not the name of its file.', {
    ok: task(),
    notOk: [[{ [TASK]: '---\ntype: tusk\nflow: demo\nmodel: m1\n---\nDo it.\n' }, `${TASK}:2:7`]],
  }),
  anError('validate/flow', 'The `flow` of a prompt is not the name of its folder.', {
    ok: task(),
    notOk: [[{ [TASK]: '---\ntype: task\nflow: demmo\nmodel: m1\n---\nDo it.\n' }, `${TASK}:3:7`]],
  }),
  anError('validate/model', 'A prompt names no model: `model`, `model_sdk` or `model_pi`.', {
    ok: prompt('task', 'model_sdk: m1\n'),
    notOk: [[prompt('task', ''), `${TASK}:1:1`]],
  }),
  anError('validate/tools', 'A prompt both allows and disallows a tool.', {
    ok: task('allowedTools: [Read]\ndisallowedTools: [Bash]\n'),
    notOk: [[task('allowedTools: [Read, Bash]\ndisallowedTools: [Bash]\n'), `${TASK}:6:19`]],
  }),
  anError('validate/empty-body', 'A prompt says nothing.', {
    ok: task('', '## Goal\n\nDo it.\n'),
    notOk: [[task('', '\n'), `${TASK}:7:1`]],
  }),
  anError(
    'validate/name',
    'The name of a flow, a prompt or a group is not one that a URL and a file can carry.',
    {
      ok: task(),
      notOk: [
        [
          {
            'agents/demo/Task.md': '---\ntype: Task\nflow: demo\nmodel: m1\n---\nDo it.\n',
            [TASK]: undefined,
          },
          'agents/demo/Task.md:1:1',
        ],
      ],
    },
  ),
  anError('validate/skill-name', 'The `name` of a plain skill is not that of its folder.', {
    ok: skill('name: plain\ndescription: A plain skill\n'),
    notOk: [[skill('name: plane\ndescription: A plain skill\n'), 'skills/plain/SKILL.md:2:7']],
  }),
  aWarning(
    'validate/not-served',
    'A file lies where nobody reads it, so it is part of nothing that is served. A prompt is `agents/<flow>/<type>.md`, a partial `shared/<name>.md`; a skill serves its SKILL.md, references/, scripts/ and assets/; a group its templates, references/*.md, the documents it names, and scripts/*.ts with all they import. README, LICENSE and the like are for people and may lie anywhere.',
    {
      ok: {
        'skills/plain/assets/notes.txt': 'Notes\n',
        'skills/plain/README.md': '# For authors\n',
        'skills/plain/LICENSE': 'MIT\n',
      },
      notOk: [
        [{ 'skills/plain/notes.txt': 'Notes\n' }, 'skills/plain/notes.txt:1:1'],
        [
          group(config(), {
            'skills/setup/assets/logo.txt': 'Logo\n',
            'skills/setup/old.md': '# No variant names it\n',
            'skills/setup/scripts/run.py': 'go()\n',
          }),
          'skills/setup/assets/logo.txt:1:1',
          'skills/setup/old.md:1:1',
          'skills/setup/scripts/run.py:1:1',
        ],
        [{ 'skills/setup/conifg.yaml': config() }, 'skills/setup/conifg.yaml:1:1'],
        [{ 'agents/demo/more.MD': 'Do it.\n' }, 'agents/demo/more.MD:1:1'],
        [{ 'shared/tone/warm.md': 'Be kind.\n' }, 'shared/tone/warm.md:1:1'],
        [{ 'skill/other/SKILL.md': '# Other\n' }, 'skill/other/SKILL.md:1:1'],
      ],
    },
  ),
  anError('validate/variants', 'A group has neither `variants` nor `variants_from`, or both.', {
    ok: group(config()),
    notOk: [
      [group(SETUP), `${CONFIG}:1:1`],
      [group(config('variants_from: other\n')), `${CONFIG}:3:1`],
    ],
  }),
  anError('validate/duplicate-variant', 'Two variants of a group have one id.', {
    ok: group(config()),
    notOk: [[group(`${SETUP}variants:\n${WEB}${WEB}`), `${CONFIG}:7:9`]],
  }),
  anError('validate/reference-place', 'A file in `references/` of a group is no markdown, or lies deeper.', {
    ok: reference('steps.md'),
    notOk: [
      [reference('deep/steps.md'), 'skills/setup/references/deep/steps.md:1:1'],
      [reference('steps.txt'), 'skills/setup/references/steps.txt:1:1'],
    ],
  }),
  anError('validate/reference-name', 'A reference has a name that the build makes files of.', {
    ok: reference('rules.md'),
    notOk: [[reference('COMMANDMENTS.md'), 'skills/setup/references/COMMANDMENTS.md:1:1']],
  }),
  anError('validate/next-step', '`next_step` names a file that is not there, or leads round in a circle.', {
    ok: reference('1.md', '---\nnext_step: null\n---\n# One\n'),
    notOk: [
      [reference('1.md', '---\nnext_step: 2.md\n---\n# One\n'), 'skills/setup/references/1.md:2:12'],
      [reference('1.md', '---\nnext_step: 1.md\n---\n# One\n'), 'skills/setup/references/1.md:2:12'],
    ],
  }),
  anError(
    'validate/uri-pattern',
    'A pattern of `uri-schema.yaml` has no `{id}`, so that resources could not be told apart.',
    {
      ok: { 'uri-schema.yaml': 'scheme: skill\npatterns:\n  skill: "{group}/{id}"\n  doc: "docs/{id}"\n' },
      notOk: [
        [
          { 'uri-schema.yaml': 'scheme: skill\npatterns:\n  skill: "{group}"\n  doc: "docs/{id}"\n' },
          'uri-schema.yaml:3:10',
        ],
      ],
    },
  ),
  anError('validate/duplicate-doc', 'Two documents of `docs.yaml` have one id.', {
    notOk: [[docs(doc('guide') + doc('guide')), 'docs.yaml:2:8']],
  }),
  anError('validate/category', 'A plugin offers a category that no group and no skill has.', {
    ok: market(['plain', 'one']),
    notOk: [[market(['plan', 'one']), 'marketplace.yaml:2:3']],
  }),
  anError('validate/duplicate-plugin', 'Two plugins of `marketplace.yaml` have one name.', {
    ok: { ...group(config()), ...market(['plain', 'one'], ['setup', 'two']) },
    notOk: [[{ ...group(config()), ...market(['plain', 'one'], ['setup', 'one']) }, 'marketplace.yaml:3:17']],
  }),
]
