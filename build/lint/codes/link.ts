import type { Entry } from '../rule.ts'
import { anError, config, group, prompt, SETUP, task, WEB } from './entry.ts'

const TASK = 'agents/demo/task.md'
const CONFIG = 'skills/setup/config.yaml'
const IOS = WEB.replaceAll('web', 'ios').replace('Web', 'iOS')
const command = (word: string) => `    cli: {role: command, command: ${word}}\n`

const EXPERIMENTS_READ = 'channels:\n  experiment-*: {tools: [Read]}\n'

/** Codes about names that one document uses for another. */
export const LINK_CODES: readonly Entry[] = [
  anError('link/no-seed', 'A flow has no prompt with `seed: true`: nothing would plan it.', {
    notOk: [[{ 'agents/demo/seed.md': undefined }, `${TASK}:1:1`]],
  }),
  anError('link/two-seeds', 'A flow has two seeds.', { notOk: [[task('seed: true\n'), `${TASK}:5:7`]] }),
  anError('link/two-sinks', 'A flow has two sinks.', {
    ok: task('sink: true\n'),
    notOk: [
      [
        { ...task('sink: true\n'), ...prompt('user', 'model: m1\nskills: [plain]\nsink: true\n') },
        'agents/demo/user.md:6:7',
      ],
    ],
  }),
  anError('link/no-sink', 'The runner shall queue a task (`runnerSeeded`) in a flow that has no sink.', {
    ok: { ...task('sink: true\n'), ...prompt('last', 'model: m1\nrunnerSeeded: true\n') },
    notOk: [[task('runnerSeeded: true\n'), `${TASK}:5:15`]],
  }),
  anError(
    'link/runner-seeded',
    'A task other than the sink waits for one that the runner queues after all others.',
    {
      notOk: [
        [
          {
            ...task('sink: true\n'),
            ...prompt('last', 'model: m1\nrunnerSeeded: true\n'),
            ...prompt('other', 'model: m1\ndependsOn: [last]\n'),
          },
          'agents/demo/other.md:5:13',
        ],
      ],
    },
  ),
  anError('link/unknown-type', '`dependsOn` names a type that its flow does not have.', {
    ok: task('dependsOn: [user]\n'),
    notOk: [[task('dependsOn: [usr]\n'), `${TASK}:5:13`]],
  }),
  anError('link/cycle', 'Tasks wait for each other in a circle.', {
    ok: task('dependsOn: [user]\n'),
    notOk: [[task('dependsOn: [task]\n'), `${TASK}:5:13`]],
  }),
  anError('link/unknown-skill', 'A prompt names a skill that is not there.', {
    ok: task('skills: [plain]\n'),
    notOk: [[task('skills: [plane]\n'), `${TASK}:5:10`]],
  }),
  anError(
    'link/skill-framework',
    'A prompt names a group that has no variant for a framework which other skills of the flow serve. A run on such an app would end there.',
    {
      ok: { ...group(config()), ...task('skills: [setup]\n') },
      notOk: [
        [
          {
            ...group(config()),
            'skills/more/config.yaml': `${SETUP}variants:\n${WEB}${IOS}`,
            'skills/more/t.md': '# {display_name}\n',
            ...task('skills: [setup, more]\n'),
          },
          `${TASK}:5:10`,
        ],
      ],
    },
  ),
  anError('link/skill-id', 'Two skills would be served under one id.', {
    ok: group(config()),
    notOk: [
      [
        {
          ...group(config()),
          'skills/setup-web/SKILL.md': '---\nname: setup-web\ndescription: A skill\n---\n# It\n',
        },
        `${CONFIG}:4:5`,
      ],
    ],
  }),
  anError('link/file-name', 'Two files of a release would have one name: it has no folders.', {
    notOk: [
      [
        {
          'docs.yaml':
            '- {id: agents-demo-task, display_name: A, description: A, urls: [a.md], release_asset: true}\n',
          'a.md': '# A\n',
        },
        'docs.yaml:1:8',
      ],
    ],
  }),
  anError(
    'link/cli',
    'Two skills have one command, a command is named like a family, or a family has two defaults.',
    {
      ok: group(config('', command('set-up'))),
      notOk: [
        [group(`${SETUP}variants:\n${WEB}${command('set-up')}${IOS}${command('set-up')}`), `${CONFIG}:11:10`],
      ],
    },
  ),
  anError(
    'link/wire-value',
    'A value cannot be served: clients read frontmatter as plain `key: value` lines, not as YAML.',
    {
      ok: task('label: "A task"\n'),
      notOk: [[task('label: "A task # one"\n'), `${TASK}:5:8`]],
    },
  ),
  anError(
    'ceiling/tool',
    'A prompt, or a plain skill, has a tool that `ceiling.yaml` of the default branch does not allow the channel it is built for. The examples are built for the channel `experiment-short`.',
    {
      ok: { ...task('allowedTools: [Read]\n'), 'ceiling.yaml': EXPERIMENTS_READ },
      notOk: [
        [{ ...task('allowedTools: [Read, Bash]\n'), 'ceiling.yaml': EXPERIMENTS_READ }, `${TASK}:5:22`],
      ],
    },
  ),
]
