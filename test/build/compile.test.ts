import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { DEFAULT_SEED_CONTRACT, DEFAULT_TASK_CONTRACT } from '../../build/compile/contracts.ts'
import { discover } from '../../build/discover.ts'
import { build } from '../../build/pipeline.ts'
import type { Release } from '../../build/release.ts'
import { flowBundleSchema } from '../../schemas/agent-menu.ts'
import { type Files, SKILL, SOUND, TASK, treeOf } from './trees.ts'

const { release: small } = build(await discover(join(import.meta.dirname, '../fixtures/content-small')))

function bytesOf(release: Release | undefined, name: string): Uint8Array {
  const artifact = release?.artifacts.get(name)
  if (artifact === undefined) throw new RangeError(`no artifact ${name}`)
  return artifact.bytes
}
const textOf = (release: Release | undefined, name: string) =>
  new TextDecoder().decode(bytesOf(release, name))
const zipOf = (release: Release | undefined, name: string) => {
  const files = Object.entries(unzipSync(bytesOf(release, name)))
  return new Map(files.map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]))
}
const made = (files: Files) => {
  const { release, diagnostics } = build(treeOf(files))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return release
}

describe('a served prompt', () => {
  test('is the source to the byte when clients can read that', () => {
    expect(textOf(made(SOUND), 'agents-demo-task.md')).toBe(TASK)
    const commented = TASK.replace('flow: demo', '# why\nflow: demo   # which flow\n')
    expect(textOf(made({ ...SOUND, 'agents/demo/task.md': commented }), 'agents-demo-task.md')).toBe(
      commented,
    )
  })

  test('is flat, in one order of keys, whatever YAML its author wrote', () => {
    expect(textOf(small, 'agents-hello-greet.md')).toBe(`---
type: greet
flow: hello
label: Say hello
model: claude-haiku-4-5-20251001
model_sdk: claude-haiku-4-5-20251001
skills: [greeting, plain-notes]
allowedTools: [Read, Edit, complete_task]
disallowedTools: [enqueue_task]
timeout: 5m
maxTurns: 20
maxUsd: 0.25
---
## Goal

Make the app say hello.

## How you know you succeeded

A person can see it, and nothing else has changed.
`)
  })

  test.each([
    'sink: True',
    'sink: !!bool true',
    'dependsOn:\n  - seed',
    "label: 'Do'",
    'timeout: "5m"',
    '"label": Do',
  ])('is written anew when clients would read %j as something else', (line) => {
    const { release } = build(
      treeOf({ ...SOUND, 'agents/demo/task.md': TASK.replace('---\nDo', `${line}\n---\nDo`) }),
    )
    if (line.includes('!!')) expect(release?.index.agents).toEqual([])
    else expect(textOf(release, 'agents-demo-task.md')).not.toContain(line)
  })

  test('gets model_sdk only where its author named a model for no profile', () => {
    const task = TASK.replace('model_sdk: claude', 'model: m1\nmodel_pi: m2 # claude')
    expect(textOf(made({ ...SOUND, 'agents/demo/task.md': task }), 'agents-demo-task.md')).toBe(task)
  })
})

describe('a flow bundle', () => {
  test('holds every prompt as served, and the contracts of the tree', () => {
    const bundle = flowBundleSchema.parse(JSON.parse(textOf(small, 'agents-hello.json')))
    expect(Object.keys(bundle.agents)).toEqual(['greet', 'note', 'report', 'seed'])
    for (const [type, text] of Object.entries(bundle.agents))
      expect(text).toBe(textOf(small, `agents-hello-${type}.md`))
    expect(bundle.contracts.seed).toBe('You plan; you do no work yourself.\n')
  })

  test('has contracts of its own when the tree has none', () => {
    const { contracts } = flowBundleSchema.parse(JSON.parse(textOf(made(SOUND), 'agents-demo.json')))
    expect(contracts).toEqual({ seed: DEFAULT_SEED_CONTRACT, task: DEFAULT_TASK_CONTRACT })
  })
})

describe('a skill of a group', () => {
  const files = zipOf(small, 'greeting-nextjs.zip')

  test('is SKILL.md with frontmatter, template, workflow, references and rules', () => {
    expect(files.get('SKILL.md')).toBe(`---
name: greeting-nextjs
description: Greet people in a Next.js app
metadata:
  group: greeting
  variant: nextjs
  framework: nextjs
  tags: greeting, nextjs
---

# Greet people in a Next.js app

1. **Start here:** [Look](references/1-look.md): Find the first page
2. [Greet](references/2-greet.md)
3. [Check](references/10-check.md)

## References

- [Greetings of the world](references/greetings.md)
- [Rules](references/COMMANDMENTS.md): what always holds

## Rules

- Change only what the task needs.
- Greet on the server.
`)
  })

  test('numbers steps as a person counts, and says where each leads', () => {
    expect([...files.keys()]).toEqual([
      'SKILL.md',
      'references/1-look.md',
      'references/10-check.md',
      'references/2-greet.md',
      'references/COMMANDMENTS.md',
      'references/greetings.md',
    ])
    expect(files.get('references/2-greet.md')).toBe(
      '---\ntitle: Greet\n---\n# Greet\n\n> Finish this step before you open the next one.\n\nPut the greeting there.\n\n---\n\nContinue with [Check](10-check.md).\n',
    )
    expect(files.get('references/10-check.md')).toBe('# Check\n\nOpen the page and read it.\n')
  })

  test('takes a template of its own, and `$&` in it and in its values is only text', () => {
    const express = zipOf(small, 'greeting-express.zip').get('SKILL.md')
    expect(express).toContain('# Greet people in an Express app')
    expect(express).toContain('`{name}` is filled in by the app, `$&` is not.')
    const release = made({
      'skills/g/config.yaml':
        'description: \'d\'\ntemplate: t.md\nvariants: [{ id: all, display_name: "$& $1 $` {workflow}" }]\n',
      'skills/g/t.md': '# {display_name}\n',
    })
    expect(zipOf(release, 'g.zip').get('SKILL.md')).toContain('# $& $1 $` {workflow}\n')
  })

  test('is made from description and references when the group is docs-only', () => {
    const bundle = JSON.parse(textOf(small, 'farewell.json'))
    expect(Object.keys(bundle.variants)).toEqual(['nextjs', 'express'])
    expect(bundle.variants.express['SKILL.md']).toContain(
      '# Express\n\nSay goodbye in a Express app\n\n## References\n\n- [Words of farewell](references/words.md)',
    )
  })

  test('says in words that a list is empty', () => {
    const release = made({
      'skills/g/config.yaml': 'description: d\ntemplate: t.md\nvariants: [{ id: all, display_name: G }]\n',
      'skills/g/t.md': '{workflow} {references} {commandments}\n',
    })
    expect(zipOf(release, 'g.zip').get('SKILL.md')).toContain(
      '_No steps._ _No references._ _No rules apply._',
    )
  })

  test('carries two documents of one name under two names', () => {
    const release = made({
      'skills/g/config.yaml':
        'description: d\ntype: docs-only\nshared_docs: [../../docs/a/x.md, ../../docs/b/x.md, ../../docs/a/x.md, ../../docs/own.md]\nvariants: [{ id: all, display_name: G }]\n',
      'skills/g/references/own.md': '# Own\n',
      'docs/a/x.md': '# A\n',
      'docs/b/x.md': '# B\n',
      'docs/own.md': '# Other\n',
    })
    const references = [...zipOf(release, 'g.zip')].filter(([path]) => path !== 'SKILL.md')
    expect(references.map(([, text]) => text).sort()).toEqual(['# A\n', '# B\n', '# Other\n', '# Own\n'])
    expect(new Map(references).get('references/own.md')).toBe('# Own\n')
  })
})

describe('a plain skill', () => {
  test('is carried as it is, bytes and all', () => {
    const files = unzipSync(bytesOf(small, 'plain-notes.zip'))
    expect(Object.keys(files)).toEqual([
      'SKILL.md',
      'assets/dot.bin',
      'references/detail.md',
      'scripts/today.sh',
    ])
    expect([...(files['assets/dot.bin'] ?? [])]).toEqual([0x89, 0, 0xff, 1])
  })

  test('has an index entry of its own, told apart by name', () => {
    const release = made({
      'skills/plain/SKILL.md': SKILL,
      'skills/g/config.yaml': 'description: d\ntype: docs-only\nvariants: [{ id: a, display_name: plain }]\n',
    })
    expect(release?.index.skills.map(({ displayName }) => displayName)).toEqual([
      'plain (g-a)',
      'plain (plain)',
    ])
  })
})

test('commandments are read bare or under a key of that name', () => {
  const rules = (text: string) => {
    const release = made({
      'commandments.yaml': text,
      'skills/g/config.yaml':
        'description: d\ntemplate: t.md\ntags: [web]\nvariants: [{ id: all, display_name: G }]\n',
      'skills/g/t.md': '{commandments}\n',
    })
    return zipOf(release, 'g.zip').get('references/COMMANDMENTS.md')
  }
  expect(rules('all: [One]\nweb: [Two, One]\nother: [Three]\n')).toBe('# Rules\n\n- One\n- Two\n')
  expect(rules('commandments:\n  all: [One]\n')).toBe('# Rules\n\n- One\n')
})

test('no variant is served whose template misspells a placeholder', () => {
  const config = 'template: t.md\ndescription: It\nvariants:\n  - id: web\n    display_name: Web\n'
  const group = (template: string) => ({ 'skills/setup/config.yaml': config, 'skills/setup/t.md': template })
  const idsOf = (template: string) =>
    build(treeOf({ ...SOUND, ...group(template) })).release?.index.skills.map(({ id }) => id)
  expect(idsOf('# {display_name}\n')).toEqual(['plain', 'setup-web'])
  expect(idsOf('# {dispaly_name}\n')).toEqual(['plain'])
})
