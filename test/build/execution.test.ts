import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { build } from '../../build/pipeline.ts'
import { SOUND, treeOf } from './trees.ts'

const dir = mkdtempSync(join(tmpdir(), 'mill-execution-'))
const marker = join(dir, 'executed')
afterAll(() => rmSync(dir, { recursive: true }))

const CODE = `(process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(marker)}, 'x'), { type: 'task' })`
const OPENINGS = [
  ...['---js', '---javascript', '---JS', '---JavaScript', '--- js', '---\tjs', '---  javascript  ', '---js '],
  ...['---json', '---coffee', '---coffeescript', '---cson', '---toml', '---yaml', '---ejs', '---constructor'],
  ...[
    '\uFEFF---js',
    '---js\r',
    '---js#',
    '---\n---js',
    '---\nlabel: a\n---js',
    '\n---js',
    ' ---js',
    '----js',
  ],
]
const PLACES = [
  'agents/demo/task.md',
  'shared/task-contract.md',
  'skills/plain/SKILL.md',
  'skills/plain/references/a.md',
  'skills/group/template.md',
  'skills/group/references/a.md',
]
const GROUP = {
  'skills/group/config.yaml':
    'description: d\ntemplate: template.md\nvariants: [{ id: a, display_name: A }]\n',
  'skills/group/template.md': '# T\n',
}

test.each(OPENINGS)(
  'build() executes nothing that opens with %j, the first time or the second',
  (opening) => {
    for (const path of PLACES) {
      const tree = treeOf({ ...GROUP, ...SOUND, [path]: `${opening}\n${CODE}\n---\nBody\n` })
      const first = build(tree)
      expect(existsSync(marker), path).toBe(false)
      // A parser that remembers its failures as successes would be silent now.
      expect(build(tree)).toEqual(first)
      expect(existsSync(marker), path).toBe(false)
    }
  },
)

test('the marker of this test is written when the code does run', () => {
  new Function('process', `return ${CODE}`)(process)
  expect(existsSync(marker)).toBe(true)
})
