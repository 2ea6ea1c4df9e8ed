import { expect, test } from 'vitest'
import { build } from '../../build/pipeline.ts'
import type { Release } from '../../build/release.ts'
import { toolBeyond } from '../../build/release-tools.ts'
import { type Files, SKILL, SOUND, TASK, treeOf } from './trees.ts'

const READ = new Set(['Read'])

function released(files: Files): Release {
  const { release, diagnostics } = build(treeOf({ ...SOUND, ...files }))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  if (release === undefined) throw new Error('nothing was built')
  return release
}
const skill = (tools: string): Files => ({
  'skills/plain/SKILL.md': SKILL.replace('\n---\n#', `\nallowed-tools: ${tools}\n---\n#`),
})

test('toolBeyond() finds a tool that an agent prompt or a skill names, and where', () => {
  const prompt = released({
    'agents/demo/task.md': TASK.replace('---\nDo', 'allowedTools: [Read, Bash]\n---\nDo'),
  })
  expect(toolBeyond(prompt, READ)).toEqual({ tool: 'Bash', file: 'agents-demo-task.md' })
  expect(toolBeyond(prompt, new Set(['Read', 'Bash']))).toBeUndefined()
  for (const [tools, tool] of [
    ['Read Bash(git add:*)', 'Bash'],
    ['"*"', '*'],
    ['>-\n  Read\n  WebFetch', 'WebFetch'],
  ] as const) {
    expect(toolBeyond(released(skill(tools)), READ), tools).toEqual({ tool, file: 'plain.zip' })
  }
  expect(toolBeyond(released(skill('Read Read(x y)')), READ)).toBeUndefined()
  expect(toolBeyond(released({}), new Set())).toBeUndefined()
})

test('toolBeyond() looks into bundles, and takes what it cannot read for any tool', () => {
  const { index, ...others } = released({})
  const ref = { file: 'group.json', digest: '0'.repeat(64), size: 1 }
  const bundled = (text: string): Release => {
    const artifact = {
      name: ref.file,
      bytes: Buffer.from(text),
      digest: ref.digest,
      mediaType: 'application/json',
    }
    return {
      ...others,
      index: {
        ...index,
        bundles: [{ category: 'group', description: 'd', variants: [{ id: 'a' }], ...ref }],
      },
      artifacts: new Map([...others.artifacts, [ref.file, artifact]]),
    }
  }
  const bundle = (text: string) => JSON.stringify({ id: 'group', variants: { a: { 'SKILL.md': text } } })
  const named = skill('Bash')['skills/plain/SKILL.md'] as string
  expect(toolBeyond(bundled(bundle(named)), READ)).toEqual({ tool: 'Bash', file: ref.file })
  expect(toolBeyond(bundled(bundle(SKILL)), READ)).toBeUndefined()
  for (const text of [
    '{',
    bundle('---\nallowed-tools: [Read]\n---\n'),
    bundle('---\n- a\n---\n'),
    bundle('---js\n'),
  ])
    expect(toolBeyond(bundled(text), READ), text).toEqual({ tool: '*', file: ref.file })
})
